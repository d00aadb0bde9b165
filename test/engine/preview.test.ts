import { join } from 'node:path';
import { afterAll, afterEach, beforeAll, beforeEach, expect, test } from 'vitest';
import { findEngine } from '../../src/pulumi/engine.ts';
import { engineEnvironment } from '../../src/pulumi/place.ts';
import { type GitHub, github } from '../github.ts';
import { credentials, deployKey, type Stack, stackOf, withSecrets } from '../stack/samples.ts';
import { berth, type Run } from '../unit/cli/berth.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

const stack = (own: object = {}): Stack => withSecrets(stackOf('basegun', 'openstack', {}, own));
const deployed = stack();
const resized = stack({ web: { size: 'b2-15', diskGb: 20 }, version: '3.4.0' });

let made: RecordingStack;
let hub: GitHub;

beforeAll(async () => {
  made = await recordingStack();
  const { run } = await made.run('up', deployed);
  expect(run.code, run.output).toBe(0);
});

beforeEach(async () => {
  hub = await github();
});

afterEach(() => hub.close());
afterAll(() => made?.remove());

async function run(of: Stack, ...args: string[]): Promise<Run> {
  const { folder } = made.project;
  await made.write(of);
  const engine = await findEngine(() => undefined);
  const env = engineEnvironment({ stack: 'test', folder, project: folder }, engine, true);
  const attached = { PULUMI_DEBUG_PROVIDERS: made.providers.attach, TMPDIR: join(folder, 'home') };
  return berth(args, folder, { ...env, ...credentials, ...attached, ...hub.environment(7) });
}

test('a reviewer sees what would change, in one comment; nothing changes, and no secret is told', async () => {
  const first = await run(resized, 'preview', 'test', '--report', 'github');
  expect(first, first.stderr).toMatchObject({ code: 0, stderr: '' });
  const [comment] = hub.state.comments;
  expect(comment?.body).toBe(`<!-- berth: preview test -->\n${first.stdout}`);
  expect(hub.summary()).toBe(`${first.stdout}\n`);
  expect(first.stdout).toMatch(/^## `test`: 2 to update\n\n20 unchanged\.\n/);
  expect(first.stdout).toContain('- `basegun-web-0` (`openstack:compute/instance:Instance`): `flavorName`\n');
  expect(first.stdout).toContain('~ flavorName: "b2-7" => "b2-15"');
  expect(first.stdout).toContain('~ stdin: [secret] => [secret]');
  for (const secret of [deployKey.split('\n')[2] ?? '', 'Hunter2-', 'the-api-token', ...Object.values(credentials)]) {
    if (/secret|password|token|Hunter|.{40}/i.test(secret)) expect(first.stdout).not.toContain(secret);
  }
  const second = await run(deployed, 'preview', 'test', '--report', 'github');
  expect(second.stdout).toBe('## `test`: nothing changes\n\n22 unchanged.\n');
  expect(hub.state.comments.map(({ body }) => body)).toEqual([`<!-- berth: preview test -->\n${second.stdout}`]);
});

test('a preview that fails says why on the pull request, and ends with 1', async () => {
  const { code, stdout, stderr } = await run(stack({ version: 'latest' }), 'preview', 'test', '--report', 'github');
  expect({ code, stderr }).toEqual({ code: 1, stderr: 'the preview of test failed: see above\n' });
  expect(stdout).toContain('## `test`: the preview failed');
  expect(hub.state.comments[0]?.body).toContain('`latest` is a mutable tag');
});

test('drift is one issue, from the day that something differs to the day that nothing does', async () => {
  const drift = async (of: Stack) => {
    const { code, stdout } = await run(of, 'drift', 'test', '--report', 'github');
    return { code, stdout, issues: hub.state.issues.map(({ title, state }) => [title, state]) };
  };
  expect(await drift(deployed)).toMatchObject({ code: 0, issues: [] });
  const found = await drift(resized);
  expect(found).toMatchObject({ code: 1, issues: [['test has drifted from its deployed state', 'open']] });
  expect(hub.state.issues[0]?.body).toBe(`<!-- berth: drift test -->\n${found.stdout}`);
  expect(found.stdout).toContain('that would bring the cloud of `test` to its declared state: 2 to update');
  // What can't be asked closes no issue
  expect(await drift(stack({ version: 'latest' }))).toMatchObject({ code: 1, issues: found.issues });
  expect(await drift(deployed)).toMatchObject({
    code: 0,
    issues: [['test has drifted from its deployed state', 'closed']],
  });
  expect(hub.writes).toEqual(['POST issues', 'POST issues/1/comments', 'PATCH issues/1']);
});
