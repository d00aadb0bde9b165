import { loadavg } from 'node:os';
import type { Contender, Desired, RowName } from './contender.ts';
import type { Field } from './field.ts';
import type { PeerMachine } from './machine.ts';
import type { Log } from './project.ts';
import { measured, type Sample } from './rows.ts';

export interface Measured {
  samples: readonly Sample[];
  /** Average number of waiting programs, when each sample was taken */
  loads: readonly number[];
}

/**
 * Runs every row by every tool, by turns, so that what else the computer does meets all of them
 * @param done is told what there is after each row, so that a run which is ended early has its tables
 */
export async function measuredRounds(
  { places, state }: Field,
  rounds: number,
  roundTrips: readonly number[],
  done: (measured: Measured) => Promise<void>,
  log: Log,
): Promise<Measured> {
  const states = new Map<PeerMachine, Desired>();
  const [samples, loads]: [Sample[], number[]] = [[], []];
  const take = async (contender: Contender, on: PeerMachine, row: RowName, roundTrip: number) => {
    const { sample, now } = await measured(contender, on, row, roundTrip, states.get(on) ?? state);
    states.set(on, now);
    samples.push(sample);
    loads.push(loadavg()[0] ?? 0);
    log(JSON.stringify(sample));
  };
  const takeAll = async (row: RowName, roundTrip: number) => {
    for (const { contender, on } of places) {
      if (contender.without?.[row]) continue;
      await take(contender, on, row, roundTrip);
      // There and back: a stack's state says what its machine has, and a release that is sent alone says what the stack does
      if (row === 'file' || (row === 'version' && contender.stateless)) await take(contender, on, row, roundTrip);
    }
  };
  const takeFirst = async (roundTrip: number) => {
    for (const { contender, on } of places) {
      if (contender.without?.first) continue;
      await contender.reset(on);
      await take(contender, on, 'first', roundTrip);
    }
  };
  for (let round = 0; round < rounds; round++)
    for (const roundTrip of roundTrips)
      for (const row of ['nothing', 'version', 'file', 'first'] as const) {
        await (row === 'first' ? takeFirst(roundTrip) : takeAll(row, roundTrip));
        await done({ samples, loads });
      }
  return { samples, loads };
}
