import type { WatchEvent } from './events.ts';
import { hostLine } from './hostLine.ts';
import { secondsBetween, stamp } from './times.ts';

/** Reads what the release of one machine says, line by line */
export interface HostReader {
  line(text: string): readonly WatchEvent[];
  /** Ends the step that runs, where the release ended within it */
  ended(result: 'done' | 'failed'): readonly WatchEvent[];
}

/** @param now milliseconds since 1970 */
export function hostReader(machine: string, now: () => number): HostReader {
  let steps: readonly string[] = [];
  let running: { step: string; at: number } | undefined;

  const begin = (step: string | undefined): readonly WatchEvent[] => {
    running = undefined;
    if (step === undefined) return [];
    running = { step, at: now() };
    return [{ ...stamp(now()), type: 'start', machine, step }];
  };

  return {
    line(text) {
      const read = hostLine(text.trimEnd());
      switch (read.kind) {
        case 'steps':
          steps = read.steps;
          return [{ ...stamp(now()), type: 'steps', machine, steps }, ...begin(steps[0])];
        case 'ended': {
          const { step, seconds } = read;
          const next = steps.includes(step) ? steps[steps.indexOf(step) + 1] : undefined;
          return [{ ...stamp(now()), type: 'end', machine, step, seconds, result: 'done' }, ...begin(next)];
        }
        case 'part': {
          const { kind: _, ...known } = read;
          return [{ ...stamp(now()), type: 'progress', machine, ...known }];
        }
        case 'alive':
          return [{ ...stamp(now()), type: 'note', machine, text: `still at work after ${read.seconds} s` }];
        case 'said':
          return read.text.trim() === '' ? [] : [{ ...stamp(now()), type: 'note', machine, text: read.text }];
      }
    },
    ended(result) {
      if (!running) return [];
      const { step, at } = running;
      running = undefined;
      const seconds = secondsBetween(at, now());
      return [{ ...stamp(now()), type: 'end', machine, step, seconds, result }];
    },
  };
}
