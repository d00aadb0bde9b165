import { setTimeout as pause } from 'node:timers/promises';
import { interrupted } from '../../process/interrupt.ts';

/** An attempt that found the stack locked, and by whom */
export interface Locked {
  locked: string;
}

/** Makes attempts until one finds the stack free, or the time for all of them is up: then the last is given */
export type Turn = <T extends string>(attempt: () => Promise<T | Locked>) => Promise<T | Locked>;

interface Given {
  stack: string;
  /** How long it may wait, in all of its attempts */
  seconds: number;
  say(line: string): void;
  /** Seconds of a clock that never goes back @default that of this process */
  now?: () => number;
  /** After the first attempt, the second and so on @default soon at first, then every five to ten seconds */
  sleep?: (attempt: number) => Promise<void>;
}

/** How often it says that it still waits */
const sayEverySeconds = 60;

/** A deployment's turn among those of a stack, whoever runs them and wherever: the lock in the stack's state is asked for it */
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
          `stack ${stack} is still locked by ${result.locked}: waited ${of}, no longer. See what became of it; where ` +
            `nothing runs any more, pulumi cancel ${stack} takes the lock away`,
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
 * By chance longer or shorter, so that two that wait, and hinder each other, part.
 * @throws what a person who interrupts the waiting reads
 */
const rest = (attempt: number): Promise<void> =>
  pause(Math.min(10, 2 ** attempt) * (500 + 500 * Math.random()), undefined, { signal: interrupted }).catch(() => {
    throw new Error('interrupted while it waited for its turn: deploy the stack again');
  });
