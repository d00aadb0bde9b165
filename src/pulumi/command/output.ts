import type { CallContext } from '../plugin.ts';

/** Output of a command in bytes: each stream alone, and both interleaved */
export class Output {
  readonly #chunks: Record<'stdout' | 'stderr' | 'both', Buffer[]> = { stdout: [], stderr: [], both: [] };
  readonly #log: LineLog;
  readonly #logged: ReadonlySet<string>;

  /**
   * Creates an empty output
   * @param logging streams to show while the command runs. @default both; an unknown word shows none
   */
  constructor(logging: string | undefined, context: CallContext) {
    this.#logged = new Set(LOGGED[logging ?? 'stdoutAndStderr'] ?? []);
    this.#log = new LineLog(context);
  }

  add(stream: 'stdout' | 'stderr', chunk: Buffer): void {
    this.#chunks[stream].push(chunk);
    this.#chunks.both.push(chunk);
    if (this.#logged.has(stream)) this.#log.add(chunk);
  }

  /** Returns the content of a stream without one trailing newline */
  trimmed(stream: 'stdout' | 'stderr'): Buffer {
    const all = Buffer.concat(this.#chunks[stream]);
    return all.at(-1) === NEWLINE ? all.subarray(0, -1) : all;
  }

  /** Returns both streams interleaved, for an error */
  mixed(): string {
    return Buffer.concat(this.#chunks.both).toString('utf8');
  }

  /** Resolves once every line has been shown */
  end(): Promise<void> {
    return this.#log.end();
  }
}

const NEWLINE = 0x0a;
const LOGGED: Record<string, string[]> = {
  stdout: ['stdout'],
  stderr: ['stderr'],
  stdoutAndStderr: ['stdout', 'stderr'],
};

/** Shows complete lines in order, regardless of how chunks are split */
class LineLog {
  readonly #context: CallContext;
  #rest = Buffer.alloc(0);
  #shown: Promise<void> = Promise.resolve();

  constructor(context: CallContext) {
    this.#context = context;
  }

  add(chunk: Buffer): void {
    this.#rest = Buffer.concat([this.#rest, chunk]);
    for (let end = this.#rest.indexOf(NEWLINE); end !== -1; end = this.#rest.indexOf(NEWLINE)) {
      this.#show(this.#rest.subarray(0, end));
      this.#rest = this.#rest.subarray(end + 1);
    }
  }

  end(): Promise<void> {
    if (this.#rest.length > 0) this.#show(this.#rest);
    this.#rest = Buffer.alloc(0);
    return this.#shown;
  }

  #show(line: Buffer): void {
    const text = line.toString('utf8').replace(/\r$/, '');
    this.#shown = this.#shown.then(() => this.#context.log(text, { ephemeral: true }));
  }
}
