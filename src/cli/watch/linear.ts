import { duration } from '../../process/progress.ts';
import type { WatchEvent } from './events.ts';
import { planLines } from './planLines.ts';
import type { WatchState } from './state.ts';

/** Signs of life are that far apart, in seconds */
const aliveEvery = 60;

/**
 * Returns the lines that tell an event where nothing can be drawn over: each step is a line once it has ended
 * @param state after the event
 */
export function linesOf(event: WatchEvent, state: WatchState): readonly string[] {
  switch (event.type) {
    case 'end': {
      const { machine, step, seconds, result } = event;
      return [
        `${column(machine)}${`${step} `.padEnd(26)} ${duration(seconds)}${result === 'failed' ? ', failed' : ''}`,
      ];
    }
    case 'note': {
      const [, after] = /^still at work after (\d+) s$/.exec(event.text) ?? [];
      if (after === undefined || Number(after) % aliveEvery !== 0) return [];
      const step = state.rows.get(event.machine)?.open.at(-1)?.step ?? 'release';
      return [`${column(event.machine)}${step}: still at work after ${duration(Number(after))}`];
    }
    default:
      return abiding(event, state);
  }
}

/** Returns the lines of an event that stay on a terminal too: the plan, and what was said */
export function abiding(event: WatchEvent, state: WatchState): readonly string[] {
  if (event.type === 'planned') return planLines(state.plan, state.unchanged);
  if (event.type !== 'message') return [];
  const { machine, result, text } = event;
  const words = result === 'info' ? text : `${result}: ${text}`;
  return (machine === undefined ? words : `${machine}: ${words}`).split('\n');
}

const column = (machine: string): string => `  ${machine.padEnd(24)} `;
