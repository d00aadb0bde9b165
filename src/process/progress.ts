import { createWriteStream, mkdirSync } from 'node:fs';
import { join } from 'node:path';
import { interrupted } from './interrupt.ts';
import type { Stage } from './stage.ts';

export interface Progress {
  /**
   * Runs a stage in parallel with those that are running, and shows its start, end and duration. Each line that it logs
   * goes to the stage's log file, and the newest one to the terminal's live line.
   * @throws the stage's error, after its last log lines and the log's path were shown
   */
  run<T>(stage: Stage<T>): Promise<T>;
  /** Shows a line between those of the stages */
  say(line: string): void;
  /** Shows the duration of each stage of a second or more, the longest first */
  summary(): void;
}

interface Output {
  write(text: string): unknown;
  isTTY?: boolean;
  columns?: number;
}

interface Running {
  name: string;
  startedAt: number;
  latest: string;
}

const nameWidth = 16;
const shownOnFailure = 15;

/**
 * Returns the progress display of a set-up: plain lines, and one live line below them on a terminal
 * @param logFolder folder of the stages' log files, which are named after the stages
 */
export function createProgress(logFolder: string, output: Output = process.stdout): Progress {
  mkdirSync(logFolder, { recursive: true });
  const running = new Set<Running>();
  const finished: { name: string; seconds: number }[] = [];
  const live = output.isTTY === true;
  let ticker: NodeJS.Timeout | undefined;

  const draw = (): void => {
    if (live && running.size > 0) output.write(`\r\x1b[2K${liveLine([...running], output.columns || 80)}`);
  };
  const say = (line: string): void => {
    output.write(live && running.size > 0 ? `\r\x1b[2K${line}\n` : `${line}\n`);
    draw();
  };
  const begin = (stage: Running): void => {
    running.add(stage);
    if (live) ticker ??= setInterval(draw, 500);
    // A stage of less than a second shows only its end
    else setTimeout(() => running.has(stage) && say(`… ${stage.name}`), 1000).unref();
  };
  const end = (stage: Running, mark: string): void => {
    const seconds = (Date.now() - stage.startedAt) / 1000;
    finished.push({ name: stage.name, seconds });
    say(`${mark} ${stage.name.padEnd(nameWidth)} ${duration(seconds)}`);
    running.delete(stage);
    draw();
    if (running.size > 0) return;
    clearInterval(ticker);
    ticker = undefined;
    if (live) output.write('\r\x1b[2K');
  };

  return {
    say,
    async run(stage) {
      const entry = { name: stage.name, startedAt: Date.now(), latest: '' };
      const log = openLog(join(logFolder, `${stage.name.replaceAll(/[^\w.-]+/g, '-')}.log`));
      begin(entry);
      try {
        const result = await stage.run((line) => {
          entry.latest = line;
          log.add(line);
        });
        end(entry, '✓');
        return result;
      } catch (error) {
        end(entry, '✗');
        if (!interrupted.aborted) for (const line of log.excerpt(messageOf(error))) say(`    ${line}`);
        log.add(messageOf(error));
        throw new Error(`${stage.name}: ${messageOf(error)}`);
      } finally {
        await log.close();
      }
    },
    summary() {
      const notable = finished.filter(({ seconds }) => seconds >= 1).sort((a, b) => b.seconds - a.seconds);
      if (notable.length > 1) say('\nwhat took how long, side by side:');
      for (const { name, seconds } of notable.length > 1 ? notable : []) {
        say(`  ${name.padEnd(nameWidth)} ${duration(seconds).padStart(12)}`);
      }
    },
  };
}

/** Formats a duration: `0.4 s`, `12 s`, `2 min 53 s` */
export function duration(seconds: number): string {
  if (seconds < 9.95) return `${seconds.toFixed(1)} s`;
  const whole = Math.round(seconds);
  return whole < 60 ? `${whole} s` : `${Math.floor(whole / 60)} min ${whole % 60} s`;
}

function liveLine(stages: readonly Running[], columns: number): string {
  const times = stages.map(({ name, startedAt }) => `${name} ${duration((Date.now() - startedAt) / 1000)}`).join(', ');
  const latest = stages.at(-1)?.latest ?? '';
  return `… ${times}${latest && `: ${latest}`}`.replaceAll(/\p{Cc}/gu, ' ').slice(0, columns - 1);
}

function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error);
}

function openLog(file: string) {
  // Lines that a stage logs after its end are dropped without an error
  const stream = createWriteStream(file).on('error', () => undefined);
  const recent: string[] = [];
  return {
    add(line: string): void {
      recent.push(line);
      if (recent.length > shownOnFailure) recent.shift();
      stream.write(`${line}\n`);
    },
    /** Returns the last lines and the file's path; only the path if the error already includes the last line */
    excerpt(error: string): string[] {
      return [...(error.includes(recent.at(-1) ?? '') ? [] : recent), `the whole log: ${file}`];
    },
    close: (): Promise<void> => new Promise((resolve) => stream.end(() => resolve())),
  };
}
