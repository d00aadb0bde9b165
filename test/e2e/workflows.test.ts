import { afterAll, beforeAll, expect, test } from 'vitest';
import { token } from '../github.ts';
import type { PlayedJob } from './workflows/play.ts';
import { type WorkflowScene, workflowScene } from './workflows/scene.ts';

let scene: WorkflowScene;

beforeAll(async () => {
  scene = await workflowScene();
});

afterAll(async () => {
  await scene?.remove();
});

/** Returns the job of a name, with the output of its steps */
function job(jobs: readonly PlayedJob[], name: string): PlayedJob & { log: string } {
  const found = jobs.find((played) => played.name === name);
  if (!found) throw new Error(`no job ${name} was played`);
  return { ...found, log: found.steps.map(({ what, outcome, output }) => `${outcome}: ${what}\n${output}`).join('\n') };
}

const commands = ({ steps }: PlayedJob): string[] =>
  steps.filter(({ what, outcome }) => /^np[mx] /.test(what) && outcome !== 'skipped').map(({ what }) => what);

/** Asserts that comments, issues and summaries contain no secret */
function expectNoSecret(...texts: readonly string[]): void {
  for (const text of texts) {
    expect(text).not.toContain(token);
    expect(text).not.toMatch(/PRIVATE KEY/);
  }
}

test('a tag deploys: set-up, preflight, deployment, smoke test', async () => {
  await scene.git('tag', 'v1', 'main');
  const deployed = job(await scene.push('v1'), 'deploy');
  expect(deployed.result, deployed.log).toBe('success');
  expect(deployed.environment).toBe('local');
  expect(commands(deployed)).toEqual([
    'npm ci --ignore-scripts --no-audit --no-fund',
    'npm run engine',
    'npx berth preflight "$STACK"',
    expect.stringMatching(/^npx berth deploy "\$STACK" .*--wait \d+ --report github$/),
  ]);
  expect(await scene.answer('/api/version')).toBe('3.3.0');
  expect(scene.github.summary()).toContain('local is deployed and healthy');
  expectNoSecret(deployed.log, scene.github.summary());
});

test('a tag that is approved after a newer one was deployed changes nothing, succeeds, and names the newer one', async () => {
  await scene.git('tag', 'v0', 'main~1');
  const late = job(await scene.push('v0'), 'deploy');
  expect(late.result, late.log).toBe('success');
  const said =
    /superseded: stack local is deployed from v1 \(\w{12}\), which contains v0 \(\w{12}\): nothing was changed/;
  expect(late.log).toMatch(said);
  expect(late.log).not.toContain('Previewing update');
  expect(scene.github.summary()).toMatch(said);
});

test('a pull request gets one comment with the planned changes, which is edited when the request changes', async () => {
  await scene.commit('release', 'main', { version: '3.3.1' });
  const first = await scene.pullRequest('release', 'ours');
  const preview = job(first, 'preview');
  expect(preview.result, preview.log).toBe('success');
  expect(preview.environment).toBe('preview-local');
  expect(job(first, 'compare').result).toBe('skipped');
  expect(scene.github.state.comments).toHaveLength(1);
  expect(scene.github.state.comments[0]?.body).toContain('basegun-web-0-release');
  // Nothing was deployed
  expect(await scene.answer('/api/version')).toBe('3.3.0');

  await scene.commit('release', 'release', { version: '3.3.0' });
  expect(job(await scene.pullRequest('release', 'ours'), 'preview').result).toBe('success');
  expect(scene.github.state.comments).toHaveLength(1);
  expect(scene.github.state.comments[0]?.body).toContain('nothing changes');
  expectNoSecret(preview.log, JSON.stringify(scene.github.state.comments));
});

test("a fork's pull request is compared file by file, without credentials and without a write to GitHub's API", async () => {
  await scene.commit('fork', 'main', { version: '3.3.1' });
  const writes = scene.github.writes.length;
  const jobs = await scene.pullRequest('fork', 'a fork');
  const compare = job(jobs, 'compare');
  expect(compare.result, compare.log).toBe('success');
  expect(job(jobs, 'preview').result).toBe('skipped');
  expect(scene.github.writes).toHaveLength(writes);
  expect(scene.github.summary()).toMatch(/-.*basegun-backend:3\.3\.0[\s\S]*\+.*basegun-backend:3\.3\.1/);
});

test('a failed release is rolled back with the same commit, and the job reports it and fails', async () => {
  // The image does not answer on the backend's port
  const broken = { version: '3.3.1', images: { backend: 'docker.io/library/nginx:1.28.0' } };
  await scene.commit('broken', 'main', broken);
  const failed = job(await scene.push('broken'), 'deploy');
  expect(failed.result).toBe('failure');
  expect(failed.log).toContain('rolled back to the former versions, which are healthy');
  expect(scene.github.summary()).toContain('rolled back to the former versions, which are healthy');
  expect(await scene.answer('/api/version')).toBe('3.3.0');
  const status = await scene.byHand('npx berth status local');
  expect(status, status.output).toMatchObject({ code: 0 });
});

test('a manual change on a machine opens one issue, which is closed when the change is undone', async () => {
  const calm = job(await scene.night(), 'drift');
  expect(calm.result, calm.log).toBe('success');
  expect(scene.github.state.issues).toHaveLength(0);

  await scene.inMachine('echo "PermitRootLogin yes" >> /etc/ssh/sshd_config.d/01-berth.conf');
  const drifted = job(await scene.night(), 'drift');
  expect(drifted.result, drifted.log).toBe('failure');
  expect(job(await scene.night(), 'drift').result).toBe('failure');
  expect(scene.github.state.issues).toMatchObject([{ state: 'open', body: expect.stringContaining('01-berth.conf') }]);

  await scene.inMachine('sed -i "/PermitRootLogin yes/d" /etc/ssh/sshd_config.d/01-berth.conf');
  expect(job(await scene.night(), 'drift').result).toBe('success');
  expect(scene.github.state.issues).toMatchObject([{ state: 'closed' }]);
});
