import { performance } from 'node:perf_hooks';
import type { Figure } from '../../tools/lib/figures.ts';

/** A figure from several measurements of one thing: their median, and the least and the most */
export function figure(name: string, samples: readonly number[], unit: string, limit?: number): Figure {
  const sorted = [...samples].sort((a, b) => a - b);
  const [least = Number.NaN] = sorted;
  const most = sorted.at(-1) ?? Number.NaN;
  return { name, measured: median(samples), unit, range: { least, most }, ...(limit !== undefined && { limit }) };
}

/** The middle one of some values, or the mean of the two in the middle; NaN of none */
export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b);
  const upper = sorted[Math.floor(sorted.length / 2)] ?? Number.NaN;
  const lower = sorted[Math.ceil(sorted.length / 2) - 1] ?? Number.NaN;
  return (lower + upper) / 2;
}

/** The seconds that a task takes */
export async function secondsOf(task: () => Promise<unknown>): Promise<number> {
  const began = performance.now();
  await task();
  return (performance.now() - began) / 1000;
}

/** What a task gives so many times, one after the other */
export async function repeated<T>(times: number, task: (round: number) => Promise<T>): Promise<T[]> {
  const results: T[] = [];
  for (let round = 0; round < times; round++) results.push(await task(round));
  return results;
}
