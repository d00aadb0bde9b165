import { setTimeout as pause } from 'node:timers/promises';
import { interrupted } from '../../process/interrupt.ts';

/** Result of an attempt that found the stack locked; `locked` describes the holder */
export interface Locked {
  locked: string;
}

/** Repeats attempts until one finds the stack free or the time is up; then returns the last result */
export type Turn = <T extends string>(attempt: () => Promise<T | Locked>) => Promise<T | Locked>;

interface Given {
  stack: string;
  /** Seconds to wait over all attempts */
  seconds: number;
  say(line: string): void;
  /** Monotonic clock in seconds. @default the process's clock */
  now?: () => number;
  /** Pause after an attempt, counted from 1. @default short at first, then five to ten seconds */
  sleep?: (attempt: number) => Promise<void>;
}

/** Interval of the messages while it waits */
const sayEverySeconds = 60;

/** Returns a function that waits for the stack's lock, whoever holds it and wherever */
export function turnOf({ stack, seconds, say, now = clock, sleep = rest }: Given): Turn {
  let waited = 0;
  return async (attempt) => {
    let saidAt: number | undefined;
    for (let made = 1; ; made += 1) {
      const began = now();
      const result = await attempt();
      if (typeof result === 'string') return result;
      const of = `${minutes(waited)} of ${minutes(seconds)} min`;
      if (waited >= seconds) {
        say(
          `stack ${stack} is still locked by ${result.locked}: waited ${of}. Check that deployment; where ` +
            `it no longer runs, pulumi cancel ${stack} removes the lock`,
        );
        return result;
      }
      if (saidAt === undefined || began - saidAt >= sayEverySeconds) {
        say(`stack ${stack} is locked by ${result.locked}: waiting for it to end, ${of}`);
        saidAt = began;
      }
      await sleep(made);
      waited += now() - began;
    }
  };
}

const minutes = (seconds: number): number => Math.round(seconds / 60);

const clock = (): number => performance.now() / 1000;

/**
 * Pauses for a random time, so that two waiting deployments do not block each other repeatedly
 * @throws with a message for the person who interrupts it
 */
const rest = (attempt: number): Promise<void> =>
  pause(Math.min(10, 2 ** attempt) * (500 + 500 * Math.random()), undefined, { signal: interrupted }).catch(() => {
    throw new Error('interrupted while waiting for the lock: deploy the stack again');
  });
