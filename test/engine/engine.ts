import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { checkout } from '../../src/paths.ts';
import { findEngine } from '../../src/pulumi/engine.ts';
import { engineEnvironment, pluginFolder, preparePlace, stateFile } from '../../src/pulumi/place.ts';
import { installPlugins } from './plugins.ts';

/** A temporary project on the real engine: its own state, home, passphrase and plugins, all below one folder. */
export interface Project {
  folder: string;
  /** What the engine runs in. */
  environment: NodeJS.ProcessEnv;
  /** Where the engine looks for plugins. */
  plugins: string;
  /** Writes the program (an ES module in JavaScript, with the checkout's packages) that the next runs execute. */
  program(text: string): Promise<void>;
  run(command: Command, options?: RunOptions): Promise<EngineRun>;
  /** Starts a run without waiting for its end. */
  start(command: Command, options?: RunOptions): RunningEngine;
  /** The state as it lies on the disk, with secrets encrypted. */
  stateText(): Promise<string>;
  /** The resources in the state. */
  resources(): Promise<StateResource[]>;
  remove(): Promise<void>;
}

export type Command = 'up' | 'preview' | 'refresh' | 'destroy' | 'import' | 'cancel' | 'stack';

export interface RunOptions {
  /** Further arguments, such as `--continue-on-error`. */
  args?: readonly string[];
  env?: Record<string, string>;
  /** Whether to ask for the engine's own log, which takes time and is what a run's events are read from. @default true */
  logged?: boolean;
}

export interface EngineRun {
  code: number | null;
  /** What the engine wrote on both streams. */
  output: string;
  events: EngineEvent[];
  seconds: number;
}

export interface RunningEngine {
  done: Promise<EngineRun>;
  /** What it has written so far. */
  output(): string;
  /** What a user's Ctrl-C does. */
  interrupt(): void;
  pid: number;
}

/** An event of the engine's own log, as `--event-log` writes it; only what tests look at is named. */
export interface EngineEvent {
  diagnosticEvent?: { urn?: string; message: string; severity: string; ephemeral?: boolean };
  resourcePreEvent?: { metadata: StepMetadata };
  resOutputsEvent?: { metadata: StepMetadata };
  resOpFailedEvent?: { metadata: StepMetadata };
}

export interface StepMetadata {
  op: string;
  urn: string;
  type: string;
  detailedDiff?: Record<string, { diffKind: string; inputDiff: boolean }> | null;
}

export interface StateResource {
  urn: string;
  type: string;
  id?: string;
  custom: boolean;
  inputs?: Record<string, unknown>;
  outputs?: Record<string, unknown>;
  pendingReplacement?: boolean;
  delete?: boolean;
}

/**
 * Makes a temporary project.
 * @param plugins the executable of each plugin by its name and version, such as `command-v1.2.1`
 */
export async function temporaryProject(plugins: Record<string, string>): Promise<Project> {
  const engine = await findEngine(() => undefined);
  const folder = await mkdtemp(join(tmpdir(), 'berth-engine-'));
  const place = { stack: 'test', folder, project: folder };
  const env = engineEnvironment(place, engine, true);
  await preparePlace(place, engine);
  await installPlugins(pluginFolder(place), plugins);
  await symlink(join(checkout, 'node_modules'), join(folder, 'node_modules'));
  await writeFile(join(folder, 'package.json'), JSON.stringify({ type: 'module', main: 'index.js' }));
  const runtime = { name: 'nodejs', options: { typescript: false } };
  await writeFile(join(folder, 'Pulumi.yaml'), JSON.stringify({ name: 'berth', runtime, main: 'index.js' }));

  const start = (command: Command, options: RunOptions = {}) => run(folder, env, command, options);
  const project: Project = {
    folder,
    environment: env,
    plugins: pluginFolder(place),
    program: (text) => writeFile(join(folder, 'index.js'), text),
    run: (command, options) => start(command, options).done,
    start,
    stateText: () => readFile(stateFile(place), 'utf8'),
    resources: async () => JSON.parse(await project.stateText()).checkpoint.latest.resources ?? [],
    remove: () => rm(folder, { recursive: true, force: true }),
  };
  await project.program('');
  const made = await project.run('stack', { args: ['init', place.stack] });
  if (made.code !== 0) throw new Error(`the stack could not be made: ${made.output}`);
  return project;
}

/** The last part of a URN: the resource's name in the program. */
export function nameOf(urn: string): string {
  return urn.split('::').at(-1) ?? '';
}

/** From what changes most to what changes nothing */
const weights = ['replace', 'delete', 'create', 'update'];

/**
 * What a run did with each resource, by name: `create`, `update`, `replace`, `delete`, `same`, `refresh` and so on. Resources
 * of several types may have one name, in an order that is not given: the one that changes most counts.
 */
export function operations(run: EngineRun): Record<string, string> {
  const found: Record<string, string> = {};
  for (const { urn, op } of run.events.flatMap((event) => event.resourcePreEvent?.metadata ?? [])) {
    // A replacement takes three steps, whose order depends on deleteBeforeReplace
    const operation = op.includes('replace') ? 'replace' : op;
    const former = found[nameOf(urn)];
    if (former === undefined || weight(operation) <= weight(former)) found[nameOf(urn)] = operation;
  }
  return found;
}

const weight = (operation: string): number => {
  const index = weights.indexOf(operation);
  return index === -1 ? weights.length : index;
};

/** The messages about one resource, in order. */
export function messages(run: EngineRun, name: string): NonNullable<EngineEvent['diagnosticEvent']>[] {
  const all = run.events.flatMap((event) => event.diagnosticEvent ?? []);
  return all.filter(({ urn }) => urn !== undefined && nameOf(urn) === name);
}

const steering: Partial<Record<Command, readonly string[]>> = {
  up: ['--yes', '--skip-preview'],
  refresh: ['--yes', '--skip-preview'],
  destroy: ['--yes', '--skip-preview'],
  import: ['--yes', '--skip-preview', '--generate-code=false'],
};

let count = 0;

function run(folder: string, env: NodeJS.ProcessEnv, command: Command, options: RunOptions): RunningEngine {
  const eventLog = join(folder, `events-${count++}.json`);
  const { args: further = [], logged = true } = options;
  const named = command === 'stack' || command === 'cancel' ? [] : ['--stack', 'test'];
  const logging = named.length > 0 && logged ? ['--event-log', eventLog] : [];
  const args = [command, ...further, ...named, ...logging, ...(steering[command] ?? []), '--non-interactive'];
  const began = performance.now();
  // A group of its own, so that an interrupt reaches the engine alone, as it does on a terminal's foreground job.
  const child = spawn('pulumi', args, {
    cwd: folder,
    // --event-log is one of the debug commands.
    env: { ...env, PULUMI_DEBUG_COMMANDS: 'true', ...options.env },
    detached: true,
  });
  child.stdin.end();
  let output = '';
  for (const stream of [child.stdout, child.stderr]) {
    stream.setEncoding('utf8').on('data', (text) => {
      output += text;
    });
  }
  const done = new Promise<EngineRun>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', async (code) => {
      const seconds = (performance.now() - began) / 1000;
      resolve({ code, output, events: await readEvents(eventLog), seconds });
    });
  });
  return { done, output: () => output, interrupt: () => child.kill('SIGINT'), pid: child.pid ?? 0 };
}

async function readEvents(file: string): Promise<EngineEvent[]> {
  const text = await readFile(file, 'utf8').catch(() => '');
  return text
    .split('\n')
    .filter((line) => line !== '')
    .map((line) => JSON.parse(line));
}
