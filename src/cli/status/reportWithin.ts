import { setTimeout } from 'node:timers/promises';
import type { SystemOutputs } from '../outputs.ts';
import { type StatusReport, statusOf } from './report.ts';

/**
 * Returns the first healthy report, or the last one when the time is up. It polls quickly at first, then every two
 * seconds.
 * @param signal ends the waiting with an error
 */
export async function reportWithin(
  stack: string,
  systems: Readonly<Record<string, SystemOutputs>>,
  waitSeconds: number,
  signal?: AbortSignal,
): Promise<StatusReport> {
  const end = performance.now() + waitSeconds * 1000;
  let pauseMilliseconds = 250;
  let said = '';
  for (;;) {
    const report = await statusOf(stack, systems);
    if (report.healthy || performance.now() + pauseMilliseconds > end) return report;
    const why = problemsOf(report);
    if (why !== said) console.error(`waiting: ${why}`);
    said = why;
    await setTimeout(pauseMilliseconds, undefined, { ...(signal && { signal }) });
    pauseMilliseconds = Math.min(2 * pauseMilliseconds, longestPauseMilliseconds);
  }
}

const longestPauseMilliseconds = 2000;

const problemsOf = ({ systems }: StatusReport): string =>
  Object.entries(systems)
    .flatMap(([name, { problems }]) => problems.map((problem) => `${name}: ${problem}`))
    .join('; ');
