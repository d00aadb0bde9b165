import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { performance } from 'node:perf_hooks';
import { parse, stringify } from 'yaml';
import { everyImage } from '../../src/cli/local/wanted.ts';
import { createWatch } from '../../src/cli/watch/watch.ts';
import type { PreparedImages } from '../../src/clouds/local/images/plan.ts';
import { prepareComputer } from '../../src/clouds/local/setUp/prepare.ts';
import { sweep } from '../../src/clouds/local/setUp/stack.ts';
import { writeStackFile } from '../../src/clouds/local/setUp/stackFile.ts';
import { checkout, generated } from '../../src/paths.ts';
import { createProgress } from '../../src/process/progress.ts';
import { type Place, stackFile, stateFile } from '../../src/pulumi/place.ts';
import type { RunEngine } from '../../src/pulumi/run.ts';
import { writeProject } from './project.ts';

/** A system's entry of an environment file */
export type Options = Record<string, unknown>;

/** System that a test stack runs */
export interface TestSystem {
  name: string;
  entry: Options;
  /** By name, without the system's prefix */
  secrets?: Readonly<Record<string, string>>;
  /** Further keys of the environment file */
  environment?: Options;
}

export interface Run {
  code: number | null;
  /** Standard output and error output as one text */
  output: string;
  seconds: number;
}

/** A separate stack on local machines, with its own name, state, keys and network; the user's stack is not touched */
export interface TestStack {
  place: Place;
  environment: NodeJS.ProcessEnv;
  /** Runs the engine as `berth` commands do */
  engine: RunEngine;
  images: PreparedImages;
  /**
   * Changes options of the system (undefined removes one), stand-in images, and further keys of the environment file
   */
  configure(options: Options, images?: Partial<PreparedImages>, environment?: Options): Promise<void>;
  up(...words: string[]): Promise<Run>;
  pulumi(command: string, ...words: string[]): Promise<Run>;
  outputs(): Promise<SystemOutputs>;
  /** Removes everything of the stack, also after a failed test */
  remove(): Promise<void>;
}

export interface SystemOutputs {
  url: string;
  version: string;
  machines: Record<string, { publicAddress: string; ssh: { user: string; port: number; hostKey: string } }>;
  buckets: Record<string, { endpoint: string; bucket: string }>;
  logs: Record<string, { host: string; port: string }>;
}

export const basegun = {
  cloud: 'local',
  version: '3.3.0',
  domain: 'basegun.localhost',
  tls: 'acme',
  contact: 'ops@berth.test',
  web: { size: 'small', diskGb: 10 },
};

/** Prepares a stack of Basegun without deploying it */
export const testStack = (
  options: Options = {},
  images: Partial<PreparedImages> = {},
  project?: 'a project of its own',
): Promise<TestStack> => systemStack({ name: 'basegun', entry: { ...basegun, ...options } }, images, project);

/**
 * Prepares a stack of one system without deploying it
 * @param ownProject whether it gets its own project folder, which `berth` commands and other programs need. @default
 * the checkout's project
 */
export async function systemStack(
  { name, entry, secrets = {}, environment: further = {} }: TestSystem,
  images: Partial<PreparedImages> = {},
  ownProject?: 'a project of its own',
): Promise<TestStack> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-e2e-'));
  const project = ownProject ? await writeProject(join(folder, 'project')) : checkout;
  const place: Place = { stack: `e2e-${randomBytes(3).toString('hex')}`, folder, project };
  const committed = join(folder, 'environment.yaml');
  let [current, beside] = [entry, further];
  const write = () => writeFile(committed, environmentFile({ [name]: current }, beside));
  await write();
  const prepared = await prepareComputer(
    place,
    createProgress(join(generated, 'logs', place.stack), { write: () => true }),
    committed,
    everyImage,
    Object.fromEntries(Object.entries(secrets).map(([key, value]) => [`${name}/${key}`, value])),
  );
  const { environment } = prepared;
  let replaced = { ...prepared.images, ...images };
  const save = () => writeStackFile({ place, environment, committed, images: replaced, log: () => undefined });
  await save();
  const pulumi = (command: string, ...words: string[]) =>
    run('pulumi', [command, ...words, '--stack', place.stack, ...configFile(place, command)], environment, '', project);
  return {
    place,
    environment,
    engine: createWatch().engine,
    images: prepared.images,
    pulumi,
    async configure(changes, imageChanges = {}, furtherChanges = {}) {
      current = Object.fromEntries(
        Object.entries({ ...current, ...changes }).filter(([, value]) => value !== undefined),
      );
      replaced = { ...replaced, ...imageChanges };
      beside = { ...beside, ...furtherChanges };
      await write();
      await save();
    },
    up: (...words) => pulumi('up', '--yes', '--skip-preview', '--non-interactive', ...words),
    async outputs() {
      const { output } = await pulumi('stack', 'output', '--json');
      const { systems } = JSON.parse(output) as { systems: Record<string, SystemOutputs> };
      const found = systems[name];
      if (!found) throw new Error(`the stack's outputs have no system ${name}: ${output}`);
      return found;
    },
    // Without `pulumi destroy`, whose result tests check themselves
    async remove() {
      await sweep(place);
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Returns the state file's text, with encrypted secrets */
export const stateText = ({ place }: TestStack): Promise<string> => readFile(stateFile(place), 'utf8');

/** Returns all secrets of a stack, including the deploy key */
export async function secretsOf(stack: TestStack): Promise<string[]> {
  const { output } = await run(
    'pulumi',
    ['stack', 'export', '--show-secrets', '--stack', stack.place.stack],
    stack.environment,
  );
  const found = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('plaintext' in node && typeof node.plaintext === 'string') found.add(node.plaintext);
    // Outputs of commands and user data are secret as a whole; the secrets in them are found in other properties too
    for (const [key, child] of Object.entries(node)) if (!['stdout', 'stderr', 'userData'].includes(key)) visit(child);
  };
  visit(JSON.parse(output));
  return [...found];
}

/** Returns the stack file's configuration, as the engine reads it */
export const configuration = async ({ place }: TestStack): Promise<Record<string, unknown>> =>
  (parse(await readFile(stackFile(place), 'utf8')) as { config: Record<string, unknown> }).config;

/**
 * Runs a script inside a machine as root, by `docker exec`: independent of SSH, which is under test
 * @param machine role and number
 */
export async function inMachine(stack: TestStack, script: string, machine = 'web-0'): Promise<string> {
  const words = ['exec', await nameOf(stack, machine), 'bash', '-c', script];
  const { code, output } = await run('docker', words, process.env);
  if (code !== 0) throw new Error(`in the machine ${machine}: ${script}\n${output}`);
  return output;
}

const names = new Map<string, string>();

/** Looks the name up once: a machine that is made anew has its former name, and tests ask some machines often */
async function nameOf(stack: TestStack, machine: string): Promise<string> {
  const key = `${stack.place.stack} ${machine}`;
  const name = names.get(key) || (await machineContainer(stack, machine));
  names.set(key, name);
  return name;
}

/** Returns the name of a machine's container, by role and number, or nothing where there is none */
export async function machineContainer({ place }: TestStack, machine = 'web-0'): Promise<string> {
  const { output } = await run(
    'docker',
    ['ps', '--all', '--format', '{{.Names}}', '--filter', `name=berth-${place.stack}-.*-${machine}$`],
    process.env,
  );
  return output.trim();
}

/** Runs a program to its end and returns both outputs as one text */
export const run = (...given: Parameters<typeof started>): Promise<Run> => started(...given).ended;

/** Starts it; `ended` is the same */
export function started(
  command: string,
  words: readonly string[],
  env: NodeJS.ProcessEnv,
  input = '',
  cwd = checkout,
): { child: ChildProcess; ended: Promise<Run> } {
  const startedAt = performance.now();
  const child = spawn(command, words, { cwd, env, stdio: ['pipe', 'pipe', 'pipe'] });
  const ended = new Promise<Run>((resolve, reject) => {
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output, seconds: (performance.now() - startedAt) / 1000 }));
    // A program may end before it has read its input; its exit code counts
    child.stdin.on('error', () => undefined).end(input);
  });
  return { child, ended };
}

/** Returns a program's standard output without its error output */
export const stdoutOf = (command: string, words: readonly string[]): Promise<string> =>
  new Promise((resolve, reject) =>
    execFile(command, words, (error, stdout) => (error ? reject(error) : resolve(stdout))),
  );

export const configFile = (place: Place, command: string): string[] =>
  ['up', 'preview', 'refresh', 'destroy'].includes(command) ? ['--config-file', stackFile(place)] : [];

const environmentFile = (systems: Record<string, Options>, further: Options): string =>
  stringify({
    config: {
      'berth:operators': { networks: ['127.0.0.0/8'], sshPublicKeys: [] },
      ...further,
      'berth:systems': systems,
    },
  });
