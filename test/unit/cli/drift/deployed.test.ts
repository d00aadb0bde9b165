import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test, vi } from 'vitest';
import { deployedCommit, runAsDeployed } from '../../../../src/cli/drift/deployed.ts';
import { put, temporaryFolder } from '../berth.ts';

const update = (commit: string, more: object = {}) => ({
  ...{ kind: 'update', result: 'succeeded', environment: { 'git.head': commit } },
  ...more,
});

test('the deployed commit is that of the last update that succeeded', () => {
  const [failed, preview] = [update('f', { result: 'failed' }), update('p', { kind: 'preview' })];
  expect(deployedCommit([preview, failed, update('new'), update('old')])).toBe('new');
  expect(deployedCommit([failed])).toBeUndefined();
  expect(deployedCommit([{ kind: 'update', result: 'succeeded' }])).toBeUndefined();
});

/** A repository of two commits, with a program that writes down how it was called; the stack's history names one of them */
function repository(deployed: 'first' | 'second' | 'unknown') {
  const project = temporaryFolder();
  const git = (...args: string[]) =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: project }).toString();
  git('init', '--quiet');
  const commits = ['first', 'second'].map((name) => {
    put(project, 'package-lock.json', '{}');
    put(project, 'package.json', '{ "bin": { "berth": "bin/berth.js" } }');
    put(
      project,
      'bin/berth.js',
      `require('node:fs').writeFileSync(process.env.CALLED, ['${name}', ...process.argv.slice(2)].join(' '));
      process.exitCode = 1;`,
    );
    git('add', '--all', '.');
    git('commit', '--quiet', '--message', name);
    return git('rev-parse', 'HEAD').trim();
  });
  const commit = { first: commits[0], second: commits[1], unknown: '0'.repeat(40) }[deployed] ?? '';
  const folder = temporaryFolder();
  put(folder, 'pulumi', `#!/bin/sh\necho '${JSON.stringify([update(commit)])}'\n`, 0o755);
  const called = join(folder, 'called');
  vi.stubEnv('CALLED', called);
  const environment = { ...process.env, PATH: `${folder}:${process.env.PATH}` };
  return { on: { stack: 'prod', project, folder, environment }, called, git, commit };
}

test('another commit than the current one looks by its own code, and leaves no work tree', async () => {
  const { on, called, git } = repository('first');
  expect(await runAsDeployed(on, ['drift', 'prod', '--hosts'])).toBe(1);
  expect(execFileSync('cat', [called]).toString()).toBe('first drift prod --hosts');
  expect(git('worktree', 'list').trim().split('\n')).toHaveLength(1);
});

test('the current commit looks as it is', async () => {
  expect(await runAsDeployed(repository('second').on, ['drift', 'prod'])).toBeUndefined();
});

test('a commit that the clone does not have is told', async () => {
  const { on, commit } = repository('unknown');
  await expect(runAsDeployed(on, ['drift', 'prod'])).rejects.toThrow(
    `stack prod was deployed from ${commit}, which this clone lacks: fetch all commits`,
  );
});
