import type { Operation } from '../preview/plan.ts';
import { releaseStep, type WatchEvent } from './events.ts';

/** What is known of a deployment so far, from its events alone */
export interface WatchState {
  phase: 'plans' | 'changes' | 'ended';
  /** Milliseconds since 1970 of the first event, and of the last one */
  began: number;
  last: number;
  /** By the name of a machine, or of a resource that belongs to none, in the order of the plan */
  rows: ReadonlyMap<string, Row>;
  plan: readonly PlannedStep[];
  /** Number of resources that stay as they are */
  unchanged: number;
  /** The first failure */
  failure?: { machine?: string; step?: string; text?: string };
}

export interface PlannedStep {
  machine: string;
  step: string;
  operation: Operation;
}

export interface Row {
  state: 'waits' | 'runs' | 'done' | 'failed';
  /** Steps that run, the latest last, each with its start */
  open: readonly { step: string; at: number }[];
  /** Steps of its release, in order */
  steps: readonly string[];
  progress?: { done: number; of: number; unit: 'parts' | 'seconds'; text: string; at: number };
  /** What was said last within the step */
  note: string;
  /** Start of the first step */
  since: number;
  /** Seconds that all of it took, where it has ended */
  seconds?: number;
}

export const beginning = (now: number): WatchState => ({
  ...{ phase: 'plans', began: now, last: now },
  ...{ rows: new Map(), plan: [], unchanged: 0 },
});

/** Returns the state after an event */
export function reduce(state: WatchState, event: WatchEvent): WatchState {
  const at = Date.parse(event.time);
  const next = { ...state, last: Math.max(state.last, at) };
  switch (event.type) {
    case 'plan': {
      const { machine, step, result } = event;
      const plan = [...state.plan, { machine, step, operation: result }];
      return withRow({ ...next, plan }, machine, (row) => row);
    }
    case 'planned':
      return { ...next, phase: 'changes', unchanged: event.unchanged };
    case 'start': {
      const { step } = event;
      // Without a preview nothing else says that the changes begin
      return withRow({ ...next, phase: 'changes' }, event.machine, ({ progress: _, ...row }) => ({
        ...row,
        ...{ state: 'runs', note: '', open: [...row.open, { step, at }] },
        since: row.open.length === 0 && row.state === 'waits' && row.since === 0 ? at : row.since,
      }));
    }
    case 'steps':
      return withRow(next, event.machine, (row) => ({ ...row, steps: event.steps }));
    case 'progress': {
      const { done, of, unit, text } = event;
      return withRow(next, event.machine, (row) => ({ ...row, progress: { done, of, unit, text, at } }));
    }
    case 'note':
      return withRow(next, event.machine, (row) => ({ ...row, note: event.text }));
    case 'end':
      return ended(next, event);
    case 'machine':
      return withRow(next, event.machine, (row) => ({ ...row, state: event.result, seconds: event.seconds }));
    case 'message':
      return event.result === 'error' ? failed(next, { ...named(event.machine), text: event.text }) : next;
    case 'result':
      return { ...next, phase: 'ended' };
  }
}

function ended(state: WatchState, event: WatchEvent & { type: 'end' }): WatchState {
  const { machine, step, result } = event;
  const known = result === 'failed' && step !== releaseStep ? failed(state, { machine, step }) : state;
  return withRow(known, machine, ({ progress: _, ...row }) => {
    const open = row.open.filter((one) => one.step !== step);
    return { ...row, note: '', open, state: open.length === 0 && row.state === 'runs' ? 'waits' : row.state };
  });
}

/** Adds what is known of the first failure: its place is said before its reason, or the other way round */
function failed(state: WatchState, known: NonNullable<WatchState['failure']>): WatchState {
  const { failure } = state;
  const isOther = failure?.machine !== undefined && known.machine !== undefined && failure.machine !== known.machine;
  return isOther ? state : { ...state, failure: { ...known, ...failure } };
}

const named = (machine: string | undefined): { machine?: string } => (machine === undefined ? {} : { machine });

function withRow(state: WatchState, name: string, change: (row: Row) => Row): WatchState {
  const row: Row = state.rows.get(name) ?? { state: 'waits', open: [], steps: [], note: '', since: 0 };
  return { ...state, rows: new Map(state.rows).set(name, change(row)) };
}

/** Whether a name is a machine's; other resources are shown only while they change */
export const isMachine = (name: string): boolean => /-\d+$/.test(name);
