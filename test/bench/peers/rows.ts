import { eventually } from '../../e2e/client.ts';
import { load } from '../../e2e/load.ts';
import { secondsOf } from '../samples.ts';
import type { Contender, Desired, RowName, Target } from './contender.ts';
import { gatewayClient } from './site.ts';
import type { Traffic } from './wire.ts';

/** One command of a tool, measured */
export interface Sample extends Traffic {
  contender: string;
  row: RowName;
  /** Round trip in milliseconds */
  roundTrip: number;
  seconds: number;
  /** Of a row under load */
  load?: { requests: number; failures: number; p99Milliseconds: number; firstAnswerSeconds: number };
}

/** Requests a second, while a version changes */
const perSecond = 40;
const domain = 'basegun.localhost';

const other = ({ version }: Desired): Desired['version'] => (version === '3.3.0' ? '3.3.1' : '3.3.0');

/** Runs one row for one tool; returns the sample and the state that the machine then has */
export async function measured(
  contender: Contender,
  target: Target,
  row: RowName,
  roundTrip: number,
  now: Desired,
): Promise<{ sample: Sample; now: Desired }> {
  const next: Desired = {
    nothing: now,
    file: { ...now, secondNetwork: !now.secondNetwork },
    version: { ...now, version: other(now) },
    first: now,
  }[row];
  await contender.rest?.();
  target.wire.delay(roundTrip);
  target.wire.traffic();
  const told = { contender: contender.name, row, roundTrip };
  const deploy = () => secondsOf(() => contender.deploy(target, next));
  try {
    if (row !== 'version') {
      const seconds = await deploy();
      const sample = { ...told, seconds, ...target.wire.traffic() };
      await serves(target, next.version);
      return { sample, now: next };
    }
    const { seconds, ...load } = await underLoad(target, next.version, deploy);
    return { sample: { ...told, seconds, load, ...target.wire.traffic() }, now: next };
  } finally {
    target.wire.delay(0);
  }
}

/** Waits until a machine serves a version: it must, for a sample to count */
async function serves({ host }: Target, version: string): Promise<void> {
  const site = gatewayClient(host.address, domain);
  const answer = await eventually(
    30,
    () => site.getAnew('/api/version'),
    ({ body }) => body === version,
  );
  site.close();
  if (answer.body !== version) throw new Error(`the machine serves ${answer.body ?? answer}, not ${version}`);
}

async function underLoad(target: Target, version: string, deploy: () => Promise<number>) {
  const site = gatewayClient(target.host.address, domain);
  const traffic = load(site, perSecond);
  await pause(1000);
  const began = performance.now();
  const answering = firstAnswer(() => site.getAnew('/api/version'), version);
  const seconds = await deploy();
  const firstAnswerSeconds = ((await answering) - began) / 1000;
  await pause(1000);
  const { requests, failures, p99Milliseconds } = await traffic.stop();
  site.close();
  return { seconds, requests, failures: failures.length, p99Milliseconds, firstAnswerSeconds };
}

async function firstAnswer(ask: () => Promise<{ body: string }>, version: string): Promise<number> {
  const end = performance.now() + 180_000;
  while (performance.now() < end) {
    const answer = await ask().catch(() => undefined);
    if (answer?.body === version) return performance.now();
    await pause(50);
  }
  throw new Error(`version ${version} did not answer within 180 s`);
}

const pause = (milliseconds: number): Promise<void> => new Promise((resolve) => setTimeout(resolve, milliseconds));
