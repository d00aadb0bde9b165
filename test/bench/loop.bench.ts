import { setTimeout as pause } from 'node:timers/promises';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { pageOf, type ShopProject, shopProject } from '../e2e/shop/project.ts';
import { figure, repeated, secondsOf } from './samples.ts';

const rounds = 3;

/** What somebody does again and again: change a file, `docker build`, `berth local shop`; and where the time goes */
export const measure: Measure = async ({ log }) => {
  const shop = await shopProject();
  try {
    await shop.build('round 0');
    log('the first deployment');
    await local(shop);
    return figures(await repeated(rounds, (round) => once(shop, `round ${round + 1}`)));
  } finally {
    await shop.remove();
  }
};

interface Round {
  build: number;
  berth: number;
  /** Until the page says what was changed, since `docker build` began */
  shown: number;
  /** Until the machine's release began, since the command began */
  before: number;
  /** On the machine */
  release: number;
}

async function once(shop: ShopProject, greeting: string): Promise<Round> {
  const build = await secondsOf(() => shop.build(greeting));
  const began = Date.now();
  const working = local(shop);
  const shown = build + (await secondsOf(() => says(shop, greeting)));
  const events = await working;
  const berth = (Date.now() - began) / 1000;
  const begun = events.find(({ type, step }) => type === 'start' && step === 'release');
  const released = events.find(({ type, step }) => type === 'end' && step === 'release');
  return {
    ...{ build, berth, shown, release: Number(released?.seconds) },
    before: (Date.parse(String(begun?.time)) - began) / 1000,
  };
}

/** Waits until the page says it */
async function says(shop: ShopProject, greeting: string): Promise<void> {
  for (const end = Date.now() + 120_000; ; await pause(100)) {
    const seen = await pageOf(shop, '/greeting').catch(String);
    if (seen === `200 ${greeting}`) return;
    if (Date.now() > end) throw new Error(`the page says ${seen}, not ${greeting}`);
  }
}

/** Runs `berth local shop` and returns its events */
async function local(shop: ShopProject): Promise<readonly Record<string, unknown>[]> {
  const { code, stdout, stderr } = await shop.berth('local', 'shop', '--json');
  if (code !== 0) throw new Error(`shop was not deployed:\n${stderr}`);
  return stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
}

function figures(all: readonly Round[]): Figure[] {
  const of = (name: string, seconds: (round: Round) => number, limit?: number) =>
    figure(`edit and run: ${name}`, all.map(seconds), 's', limit);
  return [
    of('whole', ({ build, berth }) => build + berth, 12),
    of('until the page shows the change', ({ shown }) => shown, 12),
    of('docker build', ({ build }) => build),
    of('berth local', ({ berth }) => berth, 8),
    of('berth local: until the release', ({ before }) => before),
    of('berth local: release on the machine', ({ release }) => release),
    of('berth local: rest', ({ berth, before, release }) => berth - before - release),
  ];
}
