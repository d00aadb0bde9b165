import type { Operation } from '../preview/plan.ts';

/**
 * What happens in a deployment, as `--json` prints it, one event a line. Keys may be added but are never renamed.
 * `machine` is the name of a machine, or of a resource that belongs to none.
 */
export type WatchEvent = { time: string } & (
  | { type: 'plan'; machine: string; step: string; result: Operation }
  /** All of the plan was said; the changes begin. Left out by `berth local` where nothing but images has changed */
  | { type: 'planned'; changes: number; unchanged: number }
  | { type: 'start'; machine: string; step: string }
  /** The steps that a machine's release takes, in order */
  | { type: 'steps'; machine: string; steps: readonly string[] }
  /** How far a step is whose length is known */
  | {
      type: 'progress';
      machine: string;
      step: string;
      done: number;
      of: number;
      unit: 'parts' | 'seconds';
      text: string;
    }
  /** A sign of life that says nothing new for good */
  | { type: 'note'; machine: string; text: string }
  | { type: 'end'; machine: string; step: string; seconds: number; result: 'done' | 'failed' }
  /** All of a machine's changes were made, or one failed */
  | { type: 'machine'; machine: string; seconds: number; result: 'done' | 'failed' }
  | { type: 'message'; machine?: string; result: 'info' | 'warning' | 'error'; text: string }
  /** The last one: how it ended */
  | { type: 'result'; result: string; seconds: number; live: Readonly<Record<string, string>>; next: string }
);

/** Step of a machine that is its release; what the release does on the machine are steps of their own */
export const releaseStep = 'release';
