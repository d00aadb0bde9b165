import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { send } from '../e2e/byHand.ts';
import { client, eventually } from '../e2e/client.ts';
import { type Ground, liveVersion, seenOf, type Version, wrongWith } from '../e2e/faults/matrix/cell.ts';
import { wholeReleases } from '../e2e/faults/matrix/releases.ts';
import { isWhole, lineOf } from '../e2e/faults/matrix/table.ts';
import { makeScene, versions } from '../e2e/faults/scene.ts';
import { load } from '../e2e/load.ts';
import { inMachine, machineContainer, run } from '../e2e/stack.ts';
import { figure } from './samples.ts';
import { type Action, nameOf, rounds } from './soak/actions.ts';
import { linesPicture, sparkline } from './soak/picture.ts';
import { growth, type Read, type Reading, read, readings } from './soak/readings.ts';

const count = Number(process.env.BERTH_SOAK ?? 200);
const seed = Number(process.env.BERTH_SEED ?? 1);

interface Round {
  action: Action;
  requests: number;
  failed: number;
  /** What was not as it should be */
  wrong: string[];
}

/** Random releases, ways back, faults and reboots of one machine in a row, under load */
export const measure: Measure = async ({ log }) => {
  const scene = await makeScene();
  try {
    const ground: Ground = { stack: scene.stack, releases: wholeReleases(scene) };
    for (const version of ['3.3.1', '3.3.0'] as const) await released(ground, version);
    const [done, seen]: [Round[], Read[]] = [[], [await read(ground.stack)]];
    for (const action of rounds(seed, count)) {
      const round = await carriedOut(ground, action);
      done.push(round);
      seen.push(await read(ground.stack));
      log(
        `${done.length} ${nameOf(action)}: ${round.failed} of ${round.requests} requests failed ${round.wrong.join('\n')}`,
      );
    }
    const series = Object.fromEntries(
      (Object.keys(readings) as Reading[]).map((name) => [name, seen.map((one) => one[name])]),
    ) as Record<Reading, number[]>;
    for (const [name, values] of Object.entries(series))
      log(`${name.padEnd(22)} ${sparkline(values)} ${values.at(-1)}`);
    await writeFile(join(checkout, 'docs', 'pictures', 'soak.svg'), linesPicture(series));
    await writeMarked('docs/reliability.md', 'soak', page(done, series));
    return figures(done, series);
  } finally {
    scene.site.close();
    await scene.stack.remove();
  }
};

async function carriedOut(ground: Ground, action: Action): Promise<Round> {
  if (action.does === 'fault') {
    const seen = await seenOf(ground, action.cell);
    return { action, requests: seen.requests, failed: seen.failed, wrong: isWhole(seen) ? [] : [lineOf(seen)] };
  }
  const { stack, releases } = ground;
  const live = await liveVersion(stack);
  const other: Version = live === '3.3.0' ? '3.3.1' : '3.3.0';
  const after = action.does === 'release' || action.does === 'back' ? other : live;
  const site = await client(stack, releases[live].host, 'basegun.localhost', 5);
  const traffic = load(site, 10);
  try {
    if (action.does === 'reboot') await rebooted(ground);
    else if (action.does === 'back') await inMachine(stack, `berth rollback --to ${other} --yes --really basegun`);
    else await released(ground, after);
    const { requests, failures } = await traffic.stop();
    return { action, requests, failed: failures.length, wrong: await wrongWith(stack, site, after) };
  } finally {
    await traffic.stop();
    site.close();
  }
}

async function released({ releases }: Ground, version: Version): Promise<void> {
  const { code, output } = await send(releases[version]).done;
  if (code !== 0) throw new Error(`version ${version} was not released:\n${output}`);
}

async function rebooted({ stack, releases }: Ground): Promise<void> {
  await run('docker', ['restart', '--time', '60', await machineContainer(stack)], process.env);
  const site = await client(stack, releases['3.3.0'].host, 'basegun.localhost', 5);
  const all = await eventually(
    90,
    () => versions(site),
    (found) => Array.isArray(found) && found.every(Boolean),
  );
  site.close();
  if (!Array.isArray(all)) throw new Error(`the machine did not come back: ${all}`);
}

const kinds = ['release', 'again', 'back', 'reboot', 'fault'] as const;
const words: Record<(typeof kinds)[number], string> = {
  release: 'another version',
  again: 'the same version once more',
  back: 'way back on the machine',
  reboot: 'reboot',
  fault: 'a release met by a fault, and the next',
};

function page(done: readonly Round[], series: Record<Reading, number[]>): string {
  const rows = kinds.map((kind) => {
    const own = done.filter(({ action }) => action.does === kind);
    const sum = (what: (one: Round) => number) => own.reduce((total, one) => total + what(one), 0);
    const figuresOf = [
      own.length,
      sum((one) => one.requests),
      sum((one) => one.failed),
      own.filter((one) => one.wrong.length === 0).length,
    ];
    return `| ${[words[kind], ...figuresOf].join(' | ')} |`;
  });
  const bounds = Object.entries(series).map(
    ([name, values]) => `| ${name} | ${values[0]} | ${Math.max(...values)} | ${values.at(-1)} |`,
  );
  return `Run on ${new Date().toISOString().slice(0, 10)}: ${done.length} rounds, seed ${seed}.

| round | times | requests | failed | whole afterwards |
| --- | --- | --- | --- | --- |
${rows.join('\n')}

![A line over the rounds for each reading](pictures/soak.svg)

| on the machine | at first | at most | at last |
| --- | --- | --- | --- |
${bounds.join('\n')}`;
}

function figures(done: readonly Round[], series: Record<Reading, number[]>): Figure[] {
  const failing = done.filter(({ action }) => action.does !== 'fault' && action.does !== 'reboot');
  const broken = done.filter(({ wrong }) => wrong.length > 0).length;
  const failed = failing.reduce((sum, one) => sum + one.failed, 0);
  return [
    figure(`of ${done.length} rounds, those after which the machine was not whole`, [broken], '', 0),
    figure('failed requests of releases and ways back', [failed], '', 0),
    ...Object.entries(series).map(([name, values]) => figure(`growth of ${name}`, [growth(values)], '×', 1.5)),
  ];
}
