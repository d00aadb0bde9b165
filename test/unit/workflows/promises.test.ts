import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import { checkout } from '../../../src/paths.ts';
import { type Job, readAction, readWorkflow, type Step } from '../../e2e/workflows/read.ts';

const files = readdirSync(join(checkout, '.github', 'workflows'));
const workflows = files.map((file) => ({ file, workflow: readWorkflow(checkout, file) }));
const setup = readAction(checkout, '.github/actions/setup');

const jobs: readonly (readonly [string, Job])[] = workflows.flatMap(({ file, workflow }) =>
  Object.entries(workflow.jobs).map(([name, job]) => [`${file}: ${name}`, job] as const),
);
const steps: readonly (readonly [string, Step])[] = [
  ...jobs.flatMap(([name, job]) => job.steps.map((step) => [name, step] as const)),
  ...setup.runs.steps.map((step) => ['setup', step] as const),
];
const jobNamed = (name: string): Job => {
  const found = jobs.find(([known]) => known === name)?.[1];
  if (!found) throw new Error(`no job ${name} among ${jobs.map(([known]) => known).join(', ')}`);
  return found;
};
const runOf = (job: Job, command: string): Step => {
  const found = job.steps.find(({ run }) => run?.startsWith(command));
  if (!found) throw new Error(`no step runs ${command}`);
  return found;
};

test('there are the workflows that a team works with', () =>
  expect(files.sort()).toEqual([
    ...[
      'check.yml',
      'deploy.yml',
      'docs.yml',
      'drift.yml',
      'nightly.yml',
      'preview.yml',
      'release-app.yml',
      'release.yml',
      'security.yml',
    ],
  ]));

test("every run is one line that calls npm or berth, so that it runs on a laptop; the application's own test is its caller's", () => {
  for (const [name, { run }] of steps) {
    if (run === undefined || run === 'bash -euc "$TEST"') continue;
    expect(run, name).toMatch(/^(npm (run \w+|test( -- [\w ="$-]+)?|ci( --?[\w-]+( base)?)*)|npx berth [^\n;|&<>`]+)$/);
  }
});

test('no expression stands in a command: values reach it through its environment', () => {
  for (const [name, { run = '' }] of steps) expect(run, name).not.toContain('${{');
});

test('every action is pinned by its commit, with the version beside it, or is our own', () => {
  for (const file of [...files.map((name) => `workflows/${name}`), 'actions/setup/action.yml']) {
    const uses = readFileSync(join(checkout, '.github', file), 'utf8').match(/^ +(- )?uses: .*$/gm) ?? [];
    expect(uses.length, file).toBeGreaterThan(0);
    for (const line of uses) {
      expect(line, file).toMatch(/uses: (\.\/\.github\/actions\/setup|[\w-]+\/[\w-]+@[0-9a-f]{40} # v\d+\.\d+\.\d+)$/);
    }
  }
});

test('an action has the same pin everywhere', () => {
  const pins = new Set(steps.flatMap(([, { uses }]) => uses ?? []));
  expect(pins.size).toBe(new Set([...pins].map((pin) => pin.split('@')[0])).size);
});

test('a workflow may read; what a job may more is named there', () => {
  for (const { workflow } of workflows) expect(workflow.permissions).toEqual({ contents: 'read' });
  const more = jobs.flatMap(([name, { permissions }]) => (permissions ? [[name, permissions]] : []));
  expect(Object.fromEntries(more)).toEqual({
    'deploy.yml: deploy': { contents: 'read', 'id-token': 'write' },
    'docs.yml: publish': { pages: 'write', 'id-token': 'write' },
    'drift.yml: drift': { contents: 'read', 'id-token': 'write', issues: 'write' },
    'preview.yml: preview': { contents: 'read', 'id-token': 'write', 'pull-requests': 'write' },
    'release-app.yml: image': { contents: 'read', packages: 'write' },
    'release.yml: package': { contents: 'write', 'id-token': 'write' },
  });
});

test('nothing runs a pull request with the rights of its target', () => {
  for (const { file, workflow } of workflows) {
    expect(Object.keys(workflow.on), file).not.toContain('pull_request_target');
    expect(Object.keys(workflow.on), file).not.toContain('workflow_run');
  }
});

test('a checkout leaves no token behind', () => {
  for (const [name, { uses, with: given }] of steps) {
    if (uses?.startsWith('actions/checkout@')) expect(given?.['persist-credentials'], name).toBe('false');
  }
});

test('every job has a limit of time, and a deployment more than the longest wait within it', () => {
  for (const [name, job] of jobs) expect(job['timeout-minutes'], name).toBeLessThanOrEqual(180);
  const deploy = jobNamed('deploy.yml: deploy');
  const command = runOf(deploy, 'npx berth deploy').run ?? '';
  const seconds = (option: string) => Number(new RegExp(`--${option} (\\d+)`).exec(command)?.[1]);
  // Its turn and its smoke test, and those of the way back
  expect(deploy['timeout-minutes'] * 60).toBeGreaterThan(2 * seconds('turn') + 4 * seconds('wait'));
});

test('a deployment is of the stack whose approval it has', () => {
  const { environment = '', env } = jobNamed('deploy.yml: deploy');
  expect(environment).toContain("inputs.stack || (github.ref_type == 'tag' && 'prod' || 'preprod')");
  expect(env.STACK).toBe(environment);
});

describe('no run is held back, or cancelled unsaid, by one that waits for approval', () => {
  const grouped = jobs.filter(([, { concurrency }]) => concurrency !== undefined);

  test('no workflow as a whole is in a group, but the one that no environment holds up', () => {
    for (const { file, workflow } of workflows) {
      const waits = Object.values(workflow.jobs).some(({ environment }) => environment !== undefined);
      // What another workflow calls is part of that one
      if (waits || 'workflow_call' in workflow.on) expect(workflow.concurrency, file).toBeUndefined();
    }
  });

  test('a job that may wait for approval is in a group only where who comes next takes its place', () => {
    for (const [name, { environment, concurrency }] of grouped) {
      // The nights' environments have no reviewers
      if (environment === undefined || environment.startsWith('drift-')) continue;
      expect(concurrency, name).toMatchObject({ 'cancel-in-progress': true });
      expect(concurrency?.group, name).toContain('matrix.stack');
    }
    expect(jobNamed('deploy.yml: deploy').concurrency).toBeUndefined();
  });

  test('only what looks is cancelled under way, by a newer commit of the same pull request', () => {
    const all = [...grouped, ...workflows.map(({ file, workflow }) => [file, workflow] as const)];
    const cancelling = all.flatMap(([name, { concurrency }]) => (concurrency?.['cancel-in-progress'] ? [name] : []));
    expect(cancelling).toEqual(['preview.yml: preview', 'preview.yml: compare', 'check.yml']);
    for (const [name, { concurrency }] of all) {
      if (cancelling.includes(name))
        expect(concurrency?.group, name).toMatch(/github\.(ref|event\.pull_request\.number \|\| github\.run_id) /);
    }
  });

  test('a deployment can compare its commit with any other, and one that nobody asked for by hand may be skipped', () => {
    const deploy = jobNamed('deploy.yml: deploy');
    const [checkoutStep] = deploy.steps;
    expect(checkoutStep?.with?.['fetch-depth']).toBe('0');
    const { run = '', env = {} } = runOf(deploy, 'npx berth deploy');
    expect(run).toContain('--older "$OLDER"');
    expect(env.GITHUB_TOKEN).toContain('github.token');
    expect(deploy.env.OLDER).toContain("inputs.older || 'skip'");
    expect(readWorkflow(checkout, 'deploy.yml').on.workflow_dispatch).toMatchObject({
      inputs: { older: { options: ['refuse', 'deploy'], default: 'refuse' } },
    });
  });
});

test('the nights of the stacks wait for nothing of each other, in environments of their own', () => {
  const { environment, concurrency } = jobNamed('drift.yml: drift');
  const ofStack = environment ?? '';
  expect(ofStack).toMatch(/^drift-\$\{\{ matrix\.stack \}\}$/);
  expect(readWorkflow(checkout, 'drift.yml').concurrency).toBeUndefined();
  expect(concurrency).toEqual({ group: ofStack, 'cancel-in-progress': false });
  expect(jobs.filter(([, job]) => job.environment === ofStack)).toHaveLength(1);
});

test('a secret reaches only the step that needs it', () => {
  for (const [name, job] of jobs) expect(JSON.stringify(job.env), name).not.toMatch(/secrets\.|github\.token/);
  for (const [name, step] of steps) {
    const secret = /secrets\.|github\.token/.test(JSON.stringify(step));
    const mayHave =
      /^npx berth (deploy|preview|drift) /.test(step.run ?? '') ||
      / --pull-request | dispatch |^npm run release$/.test(step.run ?? '') ||
      /^(actions\/checkout|docker\/login-action)@/.test(step.uses ?? '');
    expect(secret && !mayHave, `${name}: ${step.run ?? step.uses}`).toBe(false);
  }
});

test("a runner's own SSH keys never mix in", () => {
  for (const [name, { env }] of jobs) expect(env, name).toMatchObject({ SSH_AUTH_SOCK: '' });
});

test("a stack's secrets are given to a job of a GitHub environment alone, and a fork's job has none", () => {
  for (const [name, job] of jobs) {
    if (JSON.stringify(job).includes('secrets.PULUMI_CONFIG_PASSPHRASE')) {
      expect(job.environment, name).toBeDefined();
      expect(job.if, name).toContain('vars.BERTH_STACKS');
    }
  }
  const [own, fork] = [jobNamed('preview.yml: preview'), jobNamed('preview.yml: compare')];
  expect(own.if).toContain('github.event.pull_request.head.repo.full_name == github.repository');
  expect(fork.if).toBe('github.event.pull_request.head.repo.full_name != github.repository');
  expect(JSON.stringify(fork)).not.toMatch(/secrets\.|github\.token|environment/);
});

test('what deploys, previews and looks for drift logs in by the same variables, all those that a cloud may ask for', () => {
  const [deploy, ...others] = [
    runOf(jobNamed('deploy.yml: deploy'), 'npx berth deploy'),
    runOf(jobNamed('preview.yml: preview'), 'npx berth preview'),
    runOf(jobNamed('drift.yml: drift'), 'npx berth drift'),
  ].map(({ env = {} }) => {
    const { GITHUB_TOKEN: _token, HOSTS: _hosts, ...login } = env;
    return login;
  });
  for (const other of others) expect(other).toEqual(deploy);

  // Those of a person's own computer, of a runner's machine, of an hour, and those that GitHub sets by itself
  const elsewhere = ['AWS_PROFILE', 'ARM_USE_CLI', 'ARM_USE_MSI', 'OVH_ACCESS_TOKEN', 'ARM_OIDC_TOKEN'];
  // In place of web identity: aws-actions/configure-aws-credentials takes the role
  const byAction = ['AWS_WEB_IDENTITY_TOKEN_FILE', 'AWS_ROLE_ARN'];
  const asked = Object.values(clouds)
    .flatMap(({ logins }) => Object.values(logins))
    .flatMap(({ always, ways }) => [...always, ...ways.flatMap(({ variables }) => variables)])
    .map(({ name }) => name)
    .filter((name) => ![...elsewhere, ...byAction].includes(name));
  expect(Object.keys(deploy ?? {})).toEqual(expect.arrayContaining(asked));
});

test('a login to AWS, which may open the state too, lives as long as its job may take', () => {
  for (const [name, job] of jobs) {
    for (const { uses, with: given } of job.steps) {
      if (!uses?.startsWith('aws-actions/configure-aws-credentials@')) continue;
      // The action's own default is an hour
      const seconds = Number(/\d+(?=' }}$)/.exec(given?.['role-duration-seconds'] ?? "3600' }}")?.[0]);
      expect(seconds, name).toBeGreaterThanOrEqual(job['timeout-minutes'] * 60);
    }
  }
});

test("credentials of a cloud's role go to the step that asks for them, not to the job", () => {
  for (const [name, { uses, with: given }] of steps) {
    if (!uses?.startsWith('aws-actions/configure-aws-credentials@')) continue;
    expect(given, name).toMatchObject({ 'output-credentials': 'true', 'output-env-credentials': 'false' });
  }
});
