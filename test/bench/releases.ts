import type { Figure } from '../../tools/lib/figures.ts';
import { lastRelease, send } from '../e2e/byHand.ts';
import type { Client } from '../e2e/client.ts';
import { load } from '../e2e/load.ts';
import { inMachine, type TestStack } from '../e2e/stack.ts';
import { plainCompose } from './plainCompose.ts';
import { figure, repeated } from './samples.ts';

const versions = ['3.3.0', '3.3.1'] as const;
const rounds = 4;

/** Releases from one version to the other under load, by converge and by what people do without it, on one machine */
export async function releases(stack: TestStack, site: Client): Promise<Figure[]> {
  const first = await lastRelease(stack);
  await stack.configure({ version: versions[1] });
  const up = await stack.up();
  if (up.code !== 0) throw new Error(`version ${versions[1]} was not released:\n${up.output}`);
  const bundles = { [versions[0]]: first, [versions[1]]: await lastRelease(stack) };
  const ours = await underLoad(site, async (version) => {
    const { code, output } = await send(bundles[version]).done;
    if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
  });
  const compose = await plainCompose(stack, site, versions[1]);
  try {
    const plain = await underLoad(compose.site, compose.release);
    return [...figures('converge', ours, 0), ...figures('docker compose up', plain), ...(await waysBack(stack, site))];
  } finally {
    await compose.remove();
  }
}

/** Ways back by what the machine keeps, without its registry's part: there and back again */
async function waysBack(stack: TestStack, site: Client): Promise<Figure[]> {
  const back = await underLoad(site, async (version) => {
    await inMachine(stack, `berth rollback --to ${version} --yes`);
  });
  const history: { seconds: number; way: string }[] = JSON.parse(await inMachine(stack, 'berth history --json'));
  const seconds = history.filter(({ way }) => way === 'rollback').map((one) => one.seconds);
  return [...figures('way back', back, 0), figure('way back: whole, on the machine', seconds, 's', 5)];
}

interface Release {
  /** From its start to the first answer of the new version */
  seconds: number;
  requests: number;
  failures: number;
}

/** The machine has the second version: releases the first, the second, and so on */
async function underLoad(
  site: Client,
  release: (version: (typeof versions)[number]) => Promise<void>,
): Promise<Release[]> {
  return repeated(rounds, async (round) => {
    const version = versions[round % 2] ?? versions[0];
    const traffic = load(site, 40);
    await pause(1000);
    const began = performance.now();
    const [seconds] = await Promise.all([
      firstAnswer(site, version).then((at) => (at - began) / 1000),
      release(version),
    ]);
    await pause(1000);
    const { requests, failures } = await traffic.stop();
    return { seconds, requests, failures: failures.length };
  });
}

async function firstAnswer(site: Client, version: string): Promise<number> {
  const end = performance.now() + 120_000;
  while (performance.now() < end) {
    const body = await site.get('/api/version').then(
      (answer) => answer.body,
      () => '',
    );
    if (body === version) return performance.now();
    await pause(50);
  }
  throw new Error(`version ${version} did not answer within 120 s`);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));

function figures(how: string, made: readonly Release[], limit?: number): Figure[] {
  const requests = made.reduce((sum, release) => sum + release.requests, 0);
  const failures = made.reduce((sum, release) => sum + release.failures, 0);
  return [
    figure(
      `${how}: release started → new version answers`,
      made.map(({ seconds }) => seconds),
      's',
    ),
    {
      name: `${how}: failed of ${requests} requests, ${made.length} releases`,
      measured: failures,
      unit: '',
      ...(limit !== undefined && { limit }),
    },
  ];
}
