import { expect, test } from 'vitest';
import { checkout } from '../../../src/paths.ts';
import { type Occasion, type PlayedJob, play } from '../../e2e/workflows/play.ts';

/** What a played workflow ran, each command with what it had in its environment */
interface Ran {
  jobs: PlayedJob[];
  commands: { line: string; environment: Readonly<Record<string, string>> }[];
}

const secrets = {
  PULUMI_CONFIG_PASSPHRASE: 'the passphrase',
  OS_PASSWORD: 'the password',
  AWS_ACCESS_KEY_ID: 'the key',
};
const vars = { BERTH_STACKS: '["preprod", "prod"]', PULUMI_BACKEND_URL: 's3://state' };
const tag = { ref_type: 'tag', token: 'the token' };
const branch = { ref: 'refs/heads/main', ref_type: 'branch', token: 'the token' };

/** Plays this project's workflow without running anything */
async function ran(file: string, occasion: Partial<Occasion>, failing: RegExp = /^$/): Promise<Ran> {
  const commands: Ran['commands'] = [];
  const jobs = await play(
    file,
    { github: branch, vars, secrets, environment: {}, ...occasion },
    {
      folder: checkout,
      checkout: async () => undefined,
      async run(line, environment) {
        commands.push({ line, environment });
        return { code: failing.test(line) ? 1 : 0, output: '' };
      },
    },
  );
  return { jobs, commands };
}

const running = ({ commands }: Ran, command: string) => commands.filter(({ line }) => line.startsWith(command));

test.each<[string, Partial<Occasion>, { stack: string; system: string; older: string }]>([
  ['a tag deploys prod', { github: tag }, { stack: 'prod', system: '', older: 'skip' }],
  ['main deploys preprod', {}, { stack: 'preprod', system: '', older: 'skip' }],
  [
    'the button deploys what was asked for',
    { inputs: { stack: 'prod', system: 'basegun', older: 'refuse' } },
    { stack: 'prod', system: 'basegun', older: 'refuse' },
  ],
])('%s, behind the GitHub environment of that name', async (_, occasion, { stack, system, older }) => {
  const played = await ran('deploy.yml', occasion);
  expect(played.jobs).toMatchObject([{ name: 'deploy', environment: stack, result: 'success' }]);
  const [deploy] = running(played, 'npx berth deploy');
  expect(deploy?.environment).toMatchObject({ STACK: stack, SYSTEM: system, OLDER: older, SSH_AUTH_SOCK: '' });
});

test('a stack that the repository does not name is neither deployed nor looked at', async () => {
  const only = { vars: { BERTH_STACKS: '["preprod"]' } };
  expect((await ran('deploy.yml', { github: tag, ...only })).jobs).toMatchObject([{ result: 'skipped' }]);
  expect((await ran('drift.yml', only)).jobs).toMatchObject([{ environment: 'drift-preprod' }]);
  for (const file of ['deploy.yml', 'drift.yml']) {
    expect((await ran(file, { vars: {} })).jobs).toMatchObject([{ result: 'skipped' }]);
  }
});

test('nothing is deployed from where SSH is not open', async () => {
  const played = await ran('deploy.yml', {}, /preflight/);
  expect(played.jobs).toMatchObject([{ result: 'failure' }]);
  expect(running(played, 'npx berth deploy')).toEqual([]);
});

test('the night looks at the hosts only from where SSH is open, and at the clouds in any case', async () => {
  const hosts = async (failing?: RegExp) =>
    running(await ran('drift.yml', {}, failing), 'npx berth drift').map(({ environment }) => environment.HOSTS);
  expect(await hosts()).toEqual(['yes', 'yes']);
  expect(await hosts(/preflight/)).toEqual(['', '']);
});

test.each(['refs/heads/feature', 'refs/tags/v1.0.0'])(
  'a drift run that somebody starts from %s runs nothing: it would have the secrets and the runner',
  async (ref) => {
    const played = await ran('drift.yml', { github: { ...branch, ref } });
    expect(played.jobs).toMatchObject([{ result: 'skipped' }]);
    expect(played.commands).toEqual([]);
  },
);

test('a stack whose night is bad does not hide the other', async () => {
  const { jobs } = await ran('drift.yml', {}, /drift/);
  expect(jobs).toMatchObject([
    { environment: 'drift-preprod', result: 'failure' },
    { environment: 'drift-prod', result: 'failure' },
  ]);
});

const pullRequest = (full_name: string) => ({
  ...branch,
  repository: 'acme/infrastructure',
  event: { pull_request: { head: { repo: { full_name } }, base: { sha: 'b'.repeat(40) } } },
});

test('a pull request is previewed by the one, and compared by the other, never both', async () => {
  const ours = await ran('preview.yml', { github: pullRequest('acme/infrastructure') });
  expect(running(ours, 'npx berth').map(({ line }) => line.split(' ')[2])).toEqual(['preview', 'preview']);
  const fork = await ran('preview.yml', { github: pullRequest('stranger/infrastructure') });
  expect(running(fork, 'npx berth').map(({ line }) => line.split(' ')[2])).toEqual(['compare']);
  expect(fork.jobs).toMatchObject([{ result: 'skipped' }, { name: 'compare', environment: undefined }]);
});

test('of all steps only those that talk to the clouds have a secret, and none does in the run of a fork', async () => {
  const known = [...Object.values(secrets), 'the token'];
  const knowing = ({ commands }: Ran) =>
    commands
      .filter(({ environment }) => known.some((secret) => Object.values(environment).includes(secret)))
      .map(({ line }) => line.split(' ').slice(0, 3).join(' '));
  expect(knowing(await ran('deploy.yml', {}))).toEqual(['npx berth deploy']);
  expect(knowing(await ran('drift.yml', {}))).toEqual(['npx berth drift', 'npx berth drift']);
  const ours = await ran('preview.yml', { github: pullRequest('acme/infrastructure') });
  expect(knowing(ours)).toEqual(['npx berth preview', 'npx berth preview']);
  expect(knowing(await ran('preview.yml', { github: pullRequest('stranger/infrastructure') }))).toEqual([]);
});

test("a fork's run, which only reads, needs no engine; a deployment has it made ready", async () => {
  const fork = await ran('preview.yml', { github: pullRequest('stranger/infrastructure') });
  expect(running(fork, 'npm run engine')).toEqual([]);
  expect(running(await ran('deploy.yml', {}), 'npm run engine')).toHaveLength(1);
});
