import { performance } from 'node:perf_hooks';
import { entriesOf, type LastRelease, type Sent, send } from '../../byHand.ts';
import { type Client, client, eventually } from '../../client.ts';
import { load } from '../../load.ts';
import { inMachine, type TestStack } from '../../stack.ts';
import { versions } from '../scene.ts';
import type { Cell, Seen } from './names.ts';
import { forgetPause, goOn, paused, reached } from './paused.ts';
import { onSmallDisk } from './smallDisk.ts';
import { strikes } from './strike.ts';

export type Version = '3.3.0' | '3.3.1';

/** A machine with one of two releases, each of which changes everything that the other has */
export interface Ground {
  stack: TestStack;
  releases: Record<Version, LastRelease>;
}

/** Requests a second while a cell goes on */
const perSecond = 10;
/** Within so long what serves is known, also where the machine starts anew */
const settleSeconds = 180;

/** Lets a fault come over a release at a step, under load, then releases again, and returns what was seen */
export const seenOf = (ground: Ground, cell: Cell): Promise<Seen> =>
  cell.fault === 'disk' ? onSmallDisk(ground.stack, () => struck(ground, cell)) : struck(ground, cell);

async function struck({ stack, releases }: Ground, { step, fault }: Cell): Promise<Seen> {
  const live = await liveVersion(stack);
  const version: Version = live === '3.3.0' ? '3.3.1' : '3.3.0';
  const release = releases[version];
  await withoutImagesOf(stack, release);
  await forgetPause(stack);
  const site = await client(stack, release.host, 'basegun.localhost', 5);
  await eventually(30, () => versions(site), isAnswer);
  const traffic = load(site, perSecond);
  try {
    const first = send(paused(release, step));
    await reached(stack, first);
    const { lost, over } = await strikes[fault]({ stack, first, former: releases[live] }).catch(async (error) => {
      await goOn(stack).catch(() => undefined);
      throw error;
    });
    const ended = lost ? 'lost' : codeOf(await first.done.catch(() => undefined));
    if (lost) first.done.catch(() => undefined);
    const went = (await over?.()) ?? '';
    const serves = await served(site);
    const { requests, failures, downSeconds } = await traffic.stop();
    // What a connection left that ended before its release is an hour old when it is looked for
    await inMachine(stack, 'touch --no-create --date "2 hours ago" /var/lib/berth.??????');
    const began = performance.now();
    const next = await send(release).done.catch((error: unknown): Sent => ({ code: undefined, output: `${error}` }));
    const nextSeconds = (performance.now() - began) / 1000;
    const left = next.code === 0 ? await wrongWith(stack, site, version) : [next.output];
    const wrong = [went, ...left].filter((one) => one !== '');
    return {
      ...{ step, fault, requests, failed: failures.length, downSeconds, first: ended },
      serves: serves === live ? 'old' : serves === version ? 'new' : serves === 'mix' ? 'mix' : 'none',
      ...{ next: codeOf(next), nextSeconds, wrong },
    };
  } finally {
    await traffic.stop();
    site.close();
  }
}

const codeOf = (sent: Sent | undefined): number | 'lost' => sent?.code ?? 'lost';

/** Returns the version that answers, `mix` where page and API have two, or `none` */
async function served(site: Client): Promise<string> {
  const found = await eventually(settleSeconds, () => versions(site), isAnswer);
  if (!isAnswer(found)) return 'none';
  return found[0] === found[1] ? (found[0] ?? 'none') : 'mix';
}

const isAnswer = (found: unknown): found is string[] =>
  Array.isArray(found) && found.every((one) => /^\d+\.\d+\.\d+$/.test(one));

export async function liveVersion(stack: TestStack): Promise<Version> {
  const head = await inMachine(stack, "sed -n 's/^# release [^ ]* //p' /var/lib/berth/basegun/edge/routes.yaml");
  return head.trim() as Version;
}

/** Removes images of a release that no container uses, so that the release pulls them */
const withoutImagesOf = (stack: TestStack, release: LastRelease): Promise<string> => {
  const { images } = JSON.parse(entriesOf(release)['release.json'] ?? '') as { images: string[] };
  return inMachine(stack, `docker image rm ${images.join(' ')} || true`);
};

/** Says what a machine has otherwise than a release that is whole */
export async function wrongWith(stack: TestStack, site: Client, version: Version): Promise<string[]> {
  const found = await eventually(10, () => versions(site), isAnswer);
  const status = await inMachine(stack, 'berth status 2>&1 || true');
  const names = await inMachine(stack, 'docker ps --all --format "{{.Names}} {{.State}}" | sort');
  const services = names
    .trim()
    .replaceAll(/-(blue|green)-/g, '-colour-')
    .split('\n')
    .sort()
    .join('\n');
  const left = await inMachine(stack, 'ls /var/lib | grep "^berth\\." ; ls -A /var/lib/berth/basegun');
  const checks: [string, boolean][] = [
    [`answers ${JSON.stringify(found)}`, isAnswer(found) && found.every((one) => one === version)],
    [status, status.includes('nothing differs from the release')],
    [names, services === expected],
    [left, !/^berth\.|^begun|^backup|\.new$/m.test(left)],
  ];
  return checks.filter(([, good]) => !good).map(([what]) => what);
}

const expected = ['base-filebeat', 'colour-backend', 'colour-frontend', 'edge-traefik']
  .map((name) => `basegun-${name}-1 running`)
  .join('\n');
