import type { Writable } from 'node:stream';
import { interrupted } from '../../process/interrupt.ts';
import { scrubbed } from '../../process/scrubbed.ts';
import { type RunEngine, runWithEvents } from '../../pulumi/run.ts';
import { eventsOf } from '../preview/plan.ts';
import { environmentSecrets } from '../preview/scrub.ts';
import { draw } from './draw.ts';
import { engineReader } from './engineReader.ts';
import type { WatchEvent } from './events.ts';
import { hostReader } from './hostReader.ts';
import { abiding, linesOf } from './linear.ts';
import { isEnding } from './messageReader.ts';
import { createScreen, type Terminal } from './screen.ts';
import { beginning, reduce, type WatchState } from './state.ts';
import { secondsBetween, stamp } from './times.ts';

/** Shows a deployment while it runs: drawn on a terminal, elsewhere line by line, or as JSON for programs */
export interface Watch {
  engine: RunEngine;
  /** Shows the lines that a machine says while `work` runs there; gives the exit code that it returns */
  machine(name: string, work: (line: (text: string) => void) => Promise<number>): Promise<number>;
  /** Shows a line that stays */
  say(line: string): void;
  /** Tells programs how it ended */
  result(ended: Omit<WatchEvent & { type: 'result' }, 'type' | 'time' | 'seconds'>): void;
  /** Whether programs are told */
  json: boolean;
  /** Keeps further secrets out of what programs are told */
  hide(secrets: readonly string[]): void;
  /** Seconds since it began */
  seconds(): number;
  failure(): WatchState['failure'];
}

export interface Shown {
  terminal: Terminal;
  /** Where events are written as JSON. @default nowhere */
  json?: (line: string) => void;
  env: NodeJS.ProcessEnv;
  now: () => number;
}

const redrawMilliseconds = 250;
/** Lines of the engine that are shown where it failed and said no reason */
const lastLines = 15;

export function createWatch(shown: Partial<Shown> = {}): Watch {
  const { terminal = process.stdout as Terminal, json: written, env = process.env, now = Date.now } = shown;
  const drawn = written === undefined && isDrawn(terminal, env);
  let secrets = environmentSecrets(env);
  const screen = createScreen(terminal);
  const began = now();
  let state = beginning(began);

  const redraw = (): void =>
    screen.draw(draw(state, { columns: terminal.columns || 80, rows: terminal.rows || 24, now: now() }));

  const json = (event: WatchEvent): void => written?.(scrubbed(JSON.stringify(event), secrets));

  const take = (event: WatchEvent): void => {
    state = reduce(state, event);
    json(event);
    screen.write(drawn ? abiding(event, state) : linesOf(event, state));
  };

  /** Draws while work runs, and leaves the last picture */
  const whileDrawn = async <T>(work: () => Promise<T>): Promise<T> => {
    const stopping = (): void => screen.write(['interrupted: waiting for what is under way to end']);
    interrupted.addEventListener('abort', stopping);
    const ticker = drawn ? setInterval(redraw, redrawMilliseconds) : undefined;
    if (drawn) terminal.on('resize', redraw);
    try {
      return await work();
    } finally {
      clearInterval(ticker);
      interrupted.removeEventListener('abort', stopping);
      if (drawn) {
        terminal.off('resize', redraw);
        state = { ...state, phase: state.phase === 'changes' ? 'ended' : state.phase, last: now() };
        if (state.phase === 'ended') redraw();
        else screen.draw([]);
        screen.leave();
      }
    }
  };

  return {
    engine(args, { kept, ...options }) {
      // Another run of the engine, such as a rollback, has a plan of its own
      state = { ...beginning(now()), ...(state.failure && { failure: state.failure }) };
      const read = engineReader(now, !args.includes('--skip-preview'));
      const last: string[] = [];
      let complained = false;
      return whileDrawn(async () => {
        const code = await runWithEvents(args, options, {
          event: (line) => {
            for (const one of eventsOf(line)) for (const event of read(one)) take(event);
          },
          said: (line) => {
            last.push(line);
            if (last.length > lastLines) last.shift();
          },
          complaint: (line) => {
            if (kept?.(line) || isEnding(line)) return;
            complained = true;
            screen.write([line]);
          },
        });
        const isSaid = complained || state.failure !== undefined;
        if (code !== 0 && !isSaid && !interrupted.aborted) screen.write(last);
        return code;
      });
    },
    machine(name, work) {
      const host = hostReader(name, now);
      return whileDrawn(async () => {
        const at = now();
        state = { ...state, phase: 'changes' };
        take({ ...stamp(now()), type: 'start', machine: name, step: 'release' });
        const code = await work((line) => {
          for (const event of host.line(line)) {
            // What is no step is said for people, such as a reason
            const isSaid = event.type === 'note' && event.text === line.trimEnd();
            if (isSaid) take({ ...stamp(now()), type: 'message', machine: name, ...wordsOf(line) });
            else take(event);
          }
        });
        const result = code === 0 ? 'done' : 'failed';
        for (const event of host.ended(result)) take(event);
        const seconds = secondsBetween(at, now());
        take({ ...stamp(now()), type: 'end', machine: name, step: 'release', seconds, result });
        take({ ...stamp(now()), type: 'machine', machine: name, seconds, result });
        return code;
      });
    },
    say: (line) => screen.write([line]),
    result(ended) {
      const seconds = secondsBetween(began, now());
      json({ ...stamp(now()), type: 'result', ...ended, seconds });
    },
    json: written !== undefined,
    hide(further) {
      secrets = [...secrets, ...further];
    },
    seconds: () => (now() - began) / 1000,
    failure: () => state.failure,
  };
}

/** @param json whether standard output is kept for events, one JSON object a line */
export const watchFor = (json = false): Watch => createWatch(json ? { json: outputForEvents() } : {});

const wordsOf = (line: string): { result: 'error' | 'info'; text: string } =>
  line.startsWith('error: ')
    ? { result: 'error', text: line.slice('error: '.length) }
    : { result: 'info', text: line.trimEnd() };

/** Whether lines are drawn over: on a terminal that can do so, and that a person looks at */
const isDrawn = ({ isTTY }: Terminal, { TERM, CI }: NodeJS.ProcessEnv): boolean =>
  isTTY === true && TERM !== 'dumb' && (CI === undefined || CI === '' || CI === 'false');

/**
 * Keeps standard output for events: whatever else this process prints goes to standard error
 * @returns writes a line of standard output
 */
function outputForEvents(): (line: string) => void {
  const own: Writable['write'] = process.stdout.write.bind(process.stdout);
  process.stdout.write = process.stderr.write.bind(process.stderr);
  return (line) => void own(`${line}\n`);
}
