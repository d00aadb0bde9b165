import { mkdir, mkdtemp, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { generated } from '../../src/paths.ts';
import type { Measure } from '../../tools/lib/figures.ts';
import { linter } from '../../tools/lib/linters.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { existingStack } from '../e2e/existing/stack.ts';
import { bounds } from './peers/bounds.ts';
import { field } from './peers/field.ts';
import { machines, type PeerMachine, versionsOf } from './peers/machine.ts';
import { ratios } from './peers/ratios.ts';
import { report } from './peers/report.ts';
import { type Measured, measuredRounds } from './peers/rounds.ts';
import { imagesOfWork } from './peers/work.ts';
import { emptyProgram } from './preview.ts';

/** Fewer make a quick look: BERTH_PEERS_ROUNDS=1 BERTH_PEERS_ROUND_TRIPS=0 */
const rounds = Number(process.env.BERTH_PEERS_ROUNDS ?? 5);
const roundTrips = (process.env.BERTH_PEERS_ROUND_TRIPS ?? '0,50').split(',').map(Number);

/**
 * berth beside what people deploy with: the same files and containers on machines that are alike, by turns. Writes the tables
 * of docs/performance.md
 */
export const measure: Measure = async ({ log }) => {
  const stack = await existingStack(new Set(imagesOfWork));
  const made = new Set<PeerMachine>();
  const emptyProject = await mkdtemp(join(generated, 'bench-'));
  try {
    const make = await machines(stack);
    const machine = async (name: string): Promise<PeerMachine> => {
      const one = await make(name);
      made.add(one);
      return one;
    };
    const folder = join(stack.place.folder, 'peers');
    await mkdir(folder, { recursive: true });
    const all = await field(stack, folder, machine, log);
    const up = await emptyProgram(stack, emptyProject, log);
    const other = all.withoutBerth;
    const beside = {
      ...{ rounds, roundTrips, contenders: all.places.map(({ contender }) => contender) },
      versions: await versionsOf(other, await linter('ansible', log)),
      bounds: await bounds(other, join(folder, 'bounds'), stack.privateKey, roundTrips, () => up('up'), log),
    };
    const write = ({ samples, loads }: Measured) => {
      const busy = { least: Math.min(...loads), most: Math.max(...loads) };
      return writeMarked('docs/performance.md', 'peers', report({ ...beside, samples, busy }));
    };
    const { samples } = await measuredRounds(all, rounds, roundTrips, write, log);
    return ratios(samples);
  } finally {
    for (const one of made) await one.remove();
    await stack.remove();
    await rm(emptyProject, { recursive: true, force: true });
  }
};
