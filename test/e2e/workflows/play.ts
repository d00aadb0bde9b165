import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type Contexts, filled, holds, type Status, type Value, written } from './expression.ts';
import { type Job, readAction, readWorkflow, type Step } from './read.ts';

/** Event that starts a workflow, with the contexts that GitHub would provide */
export interface Occasion {
  /** The `github` context */
  github: Readonly<Record<string, Value>>;
  inputs?: Readonly<Record<string, Value>>;
  vars?: Readonly<Record<string, Value>>;
  /** None for a pull request of a fork */
  secrets?: Readonly<Record<string, Value>>;
  /** Variables that the runner sets in every step */
  environment: Readonly<Record<string, string>>;
  /** Stack that replaces preprod and prod in the workflow's text */
  stack?: string;
}

/** Folder in which steps run, and the commands that act on it */
export interface Workplace {
  folder: string;
  /** `actions/checkout`, into a subfolder if one is named. @default the ref that started the workflow */
  checkout(ref: string | undefined, path: string | undefined): Promise<void>;
  /** Runs a command line as a runner does */
  run(line: string, environment: Readonly<Record<string, string>>): Promise<{ code: number | null; output: string }>;
}

export interface PlayedStep {
  /** Its command, or the action that it uses */
  what: string;
  outcome: 'success' | 'failure' | 'skipped';
  output: string;
}

export interface PlayedJob {
  name: string;
  /** GitHub environment of the job */
  environment: string | undefined;
  result: 'success' | 'failure' | 'skipped';
  steps: PlayedStep[];
}

/** Actions that are skipped: their result exists already, or needs an account */
const idle = ['actions/setup-node', 'actions/cache', 'aws-actions/configure-aws-credentials'];

/**
 * Executes a workflow of the workplace's checkout: jobs and steps in order, commands with a shell, actions by name
 * @throws if it uses an unsupported feature
 */
export async function play(file: string, occasion: Occasion, workplace: Workplace): Promise<PlayedJob[]> {
  const { github, inputs = {}, vars = {}, secrets = {}, stack } = occasion;
  const { jobs } = readWorkflow(workplace.folder, file, (text) => onStack(text, stack));
  const contexts = { github, inputs, vars, secrets, runner: { os: 'Linux', arch: 'X64' } };
  const played: PlayedJob[] = [];
  for (const [name, job] of Object.entries(jobs)) {
    // Before the matrix, as on GitHub: the list of a skipped job may be missing
    if (!holds(job.if, contexts, 'success')) {
      played.push({ name, environment: undefined, result: 'skipped', steps: [] });
      continue;
    }
    for (const matrix of combinations(job, contexts)) {
      played.push(await playJob(name, job, { ...contexts, matrix }, occasion.environment, workplace));
    }
  }
  return played;
}

/** Replaces the names of the stacks, which the deployment workflow has as literals */
const onStack = (text: string, stack: string | undefined): string =>
  stack === undefined ? text : text.replace(/'(preprod|prod)'/g, `'${stack}'`);

function combinations({ strategy }: Job, contexts: Contexts): Record<string, Value>[] {
  let all: Record<string, Value>[] = [{}];
  for (const [name, values] of Object.entries(strategy?.matrix ?? {})) {
    const list = typeof values === 'string' ? filled(values, contexts) : values;
    if (!Array.isArray(list)) throw new Error(`matrix ${name} is no list`);
    all = all.flatMap((one) => list.map((value: Value) => ({ ...one, [name]: value })));
  }
  return all;
}

async function playJob(
  name: string,
  job: Job,
  contexts: Contexts,
  environment: Readonly<Record<string, string>>,
  workplace: Workplace,
): Promise<PlayedJob> {
  if (job.needs.length > 0) throw new Error(`job ${name} needs another, which is not played here`);
  const scratch = await mkdtemp(join(tmpdir(), 'berth-job-'));
  try {
    const own = { ...environment, ...texts(job.env, contexts), GITHUB_OUTPUT: join(scratch, 'output') };
    const run: Running = { contexts: { ...contexts, steps: {} }, environment: own, status: 'success', steps: [] };
    await playSteps(job.steps, run, workplace);
    const place = job.environment && written(filled(job.environment, contexts));
    return { name, environment: place, result: run.status, steps: run.steps };
  } finally {
    await rm(scratch, { recursive: true, force: true });
  }
}

interface Running {
  contexts: Contexts & { steps: Record<string, Value> };
  environment: Readonly<Record<string, string>>;
  status: Status;
  steps: PlayedStep[];
}

async function playSteps(steps: readonly Step[], run: Running, workplace: Workplace): Promise<void> {
  for (const step of steps) {
    const what = step.run ?? step.uses ?? '';
    if (!holds(step.if, run.contexts, run.status)) {
      run.steps.push({ what, outcome: 'skipped', output: '' });
      continue;
    }
    const done = step.uses === undefined ? await command(step, run, workplace) : await action(step, run, workplace);
    run.steps.push({ what, ...done });
    if (step.id) run.contexts.steps[step.id] = { outcome: done.outcome, outputs: done.outputs };
    if (done.outcome === 'failure' && !step['continue-on-error']) run.status = 'failure';
  }
}

type Done = Pick<PlayedStep, 'outcome' | 'output'> & { outputs: Record<string, Value> };

async function command({ run: line = '', env = {} }: Step, run: Running, workplace: Workplace): Promise<Done> {
  const file = run.environment.GITHUB_OUTPUT ?? '';
  await writeFile(file, '');
  const { code, output } = await workplace.run(line, { ...run.environment, ...texts(env, run.contexts) });
  const lines = (await readFile(file, 'utf8')).split('\n').filter((text) => text.includes('='));
  const outputs = lines.map((text) => [text.slice(0, text.indexOf('=')), text.slice(text.indexOf('=') + 1)]);
  return { outcome: code === 0 ? 'success' : 'failure', output, outputs: Object.fromEntries(outputs) };
}

async function action(step: Step, run: Running, workplace: Workplace): Promise<Done> {
  const name = step.uses?.split('@')[0] ?? '';
  const given = texts(step.with ?? {}, run.contexts);
  const done: Done = { outcome: 'success', output: '', outputs: {} };
  if (name === 'actions/checkout') await workplace.checkout(given.ref, given.path);
  else if (name.startsWith('./')) {
    const { inputs, runs } = readAction(workplace.folder, name);
    const defaults = Object.fromEntries(Object.entries(inputs).map(([key, input]) => [key, input.default]));
    const { github, runner } = run.contexts;
    const within: Contexts = { github: github ?? null, runner: runner ?? null, inputs: { ...defaults, ...given } };
    const inner: Running = { ...run, contexts: { ...within, steps: {} }, steps: [] };
    await playSteps(runs.steps, inner, workplace);
    run.steps.push(...inner.steps);
    done.outcome = inner.status;
  } else if (!idle.includes(name)) throw new Error(`action ${name} is not known here`);
  return done;
}

const texts = (values: Readonly<Record<string, string>>, contexts: Contexts): Record<string, string> =>
  Object.fromEntries(Object.entries(values).map(([name, text]) => [name, written(filled(text, contexts))]));
