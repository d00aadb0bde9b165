import { setTimeout } from 'node:timers/promises';
import type { SystemOutputs } from '../outputs.ts';
import { type StatusReport, statusOf } from './report.ts';

/**
 * The last report: the first that is healthy, or the one at which the time was up.
 * @param signal ends the waiting, with an error
 */
export async function reportWithin(
  stack: string,
  systems: Readonly<Record<string, SystemOutputs>>,
  waitSeconds: number,
  signal?: AbortSignal,
): Promise<StatusReport> {
  const end = performance.now() + waitSeconds * 1000;
  const pauseMilliseconds = 2000;
  let said = '';
  for (;;) {
    const report = await statusOf(stack, systems);
    if (report.healthy || performance.now() + pauseMilliseconds > end) return report;
    const why = problemsOf(report);
    if (why !== said) console.error(`waiting: ${why}`);
    said = why;
    await setTimeout(pauseMilliseconds, undefined, { ...(signal && { signal }) });
  }
}

const problemsOf = ({ systems }: StatusReport): string =>
  Object.entries(systems)
    .flatMap(([name, { problems }]) => problems.map((problem) => `${name}: ${problem}`))
    .join('; ');
