import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { withVersion } from '../../../src/cli/setVersion/change.ts';
import { resolveRef } from '../../../src/cli/setVersion/gitRef.ts';
import { filesOf, type GitHub, github } from '../../github.ts';
import { berthHere, checkout, environmentFile, put, temporaryFolder } from './berth.ts';

const file = (name: string): string => readFileSync(join(checkout, `Pulumi.${name}.yaml`), 'utf8');
const wanted = { stack: 'prod', source: 'Pulumi.prod.yaml', system: 'basegun', version: '3.4.0' };

test.each([
  ['basegun', '3.4.0', '3.3.0', 'version: 3.3.0', 'version: 3.4.0'],
  ['mad', 'v1.3.0', 'v1.0.0', 'version: v1.0.0', 'version: v1.3.0'],
  ['catalogage', '1'.repeat(40), 'v1.0.0', 'ref: v1.0.0', `ref: "${'1'.repeat(40)}"`],
])('only the version of %s changes; comments and form stay', (system, version, former, before, after) => {
  const text = file('prod');
  const changed = withVersion(text, { ...wanted, system, version });
  expect(changed.former).toBe(former);
  const entry = text.indexOf(`    ${system}:`);
  expect(changed.text).toBe(text.slice(0, entry) + text.slice(entry).replace(before, after));
});

test('a part of a system with a version of its own is set alone', () => {
  const text = file('prod');
  const changed = withVersion(text, { ...wanted, system: 'mad', part: 'web', version: 'v1.3.0' });
  expect(changed).toEqual({ former: 'v1.0.0', text: text.replace('web: v1.0.0', 'web: v1.3.0') });
  expect(() => withVersion(text, { ...wanted, part: 'web' })).toThrow(
    /berth:systems\.basegun\.versions .*\n +is not a known key/,
  );
});

test('a part that has followed its system so far gets a version of its own, in a line below', () => {
  const own = '      versions: { api: v1.0.0, web: v1.0.0, client: v1.0.0 } # each is released by its own repository\n';
  const text = file('prod').replace(own, '');
  expect(text).not.toBe(file('prod'));
  const changed = withVersion(text, { ...wanted, system: 'mad', part: 'api', version: 'v1.3.0' });
  const line = '      version: v1.0.0\n';
  const after = text.indexOf(line, text.indexOf('    mad:')) + line.length;
  expect(changed).toEqual({
    former: 'v1.0.0',
    text: `${text.slice(0, after)}      versions: { api: v1.3.0 }\n${text.slice(after)}`,
  });
  const second = withVersion(changed.text, { ...wanted, system: 'mad', part: 'web', version: 'v1.4.0' });
  expect(second.text).toBe(changed.text.replace('{ api: v1.3.0 }', '{ api: v1.3.0, web: v1.4.0 }'));
});

test.each(['latest', 'main', '3.4', 'abc1234', '3.4.0\n  evil: true'])('%j is refused', (version) => {
  expect(() => withVersion(file('prod'), { ...wanted, version })).toThrow('berth:systems.basegun.version');
});

test('a system that is not there is told with those that are', () => {
  expect(() => withVersion(file('prod'), { ...wanted, system: 'basegn' })).toThrow(
    'Pulumi.prod.yaml has no system "basegn": it has basegun, lostops, mad, catalogage',
  );
});

test('on this computer it changes the file, and says from what to what', async () => {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  put(folder, 'Pulumi.local.yaml', environmentFile('local'));
  const set = (version: string) => berthHere(['set-version', 'local', 'basegun', version], folder);
  expect(await set('3.4.0')).toEqual({ code: 0, stdout: 'local: basegun 3.3.0 → 3.4.0\n', stderr: '' });
  const changed = environmentFile('local').replace('3.3.0', '3.4.0');
  expect(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8')).toBe(changed);
  expect((await set('3.4.0')).stdout).toBe('local: basegun is 3.4.0 already\n');
  expect(await set('latest')).toMatchObject({ code: 1, stdout: '' });
  expect(readFileSync(join(folder, 'Pulumi.local.yaml'), 'utf8')).toBe(changed);
});

/** A git repository with a branch, a tag of each kind, and a name that is both; gives its commits, the first first */
function gitRepository(): { address: string; commits: readonly string[] } {
  const folder = temporaryFolder();
  const git = (...words: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=test', '-c', 'user.email=test@example.org', ...words], {
      encoding: 'utf8',
    }).trim();
  git('init', '--quiet', '--initial-branch', 'master');
  const commit = (): string => {
    git('commit', '--quiet', '--allow-empty', '--message', 'one more');
    return git('rev-parse', 'HEAD');
  };
  const commits = [commit()];
  git('tag', '--annotate', 'v1.0.0', '--message', 'a release');
  git('tag', 'both');
  commits.push(commit());
  git('branch', 'both');
  return { address: folder, commits };
}

test('a branch is asked for its commit, which is what the file keeps; an annotated tag for the commit behind it', async () => {
  const { address, commits } = gitRepository();
  const now = new Date('2026-11-27T10:00:30Z');
  expect(await resolveRef(address, 'master', now)).toEqual({
    commit: commits[1],
    origin: `branch master of ${address}, asked 2026-11-27 10:00 UTC`,
  });
  expect(await resolveRef(address, 'v1.0.0', now)).toEqual({
    commit: commits[0],
    origin: `tag v1.0.0 of ${address}, asked 2026-11-27 10:00 UTC`,
  });
});

test('a name that is not there, is there twice, or cannot be asked for, is told with what to do', async () => {
  const { address } = gitRepository();
  const now = new Date();
  await expect(resolveRef(address, 'mastr', now)).rejects.toThrow(
    `${address} has no branch and no tag "mastr": its branches are both, master`,
  );
  await expect(resolveRef(address, '--upload-pack=touch evil', now)).rejects.toThrow('has no branch and no tag');
  await expect(resolveRef(address, 'both', now)).rejects.toThrow('give the commit instead of --ref');
  const nowhere = join(address, 'nowhere');
  await expect(resolveRef(nowhere, 'master', now)).rejects.toThrow(`${nowhere} did not list its branches: fatal: `);
});

test('the commit of a branch is written, and said with the branch and the time', async () => {
  const { address, commits } = gitRepository();
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  put(folder, 'Pulumi.prod.yaml', file('prod'));
  // The file names a server: git is told where its repository lies
  const server = 'https://github.com/etalab/catalogage-donnees.git';
  const instead = { GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: `url.${address}.insteadOf`, GIT_CONFIG_VALUE_0: server };
  const set = (...words: string[]) => berthHere(['set-version', 'prod', ...words], folder, instead);
  const { code, stdout } = await set('catalogage', '--ref', 'master');
  expect(stdout).toMatch(
    new RegExp(
      `^prod: catalogage v1\\.0\\.0 → ${commits[1]} \\(branch master of ${server}, asked [\\d-]+ [\\d:]+ UTC\\)\n$`,
    ),
  );
  expect(code).toBe(0);
  expect(readFileSync(join(folder, 'Pulumi.prod.yaml'), 'utf8')).toMatch(new RegExp(`ref: "?${commits[1]}"? #`));
  expect((await set('basegun', '--ref', 'main')).stderr).toContain('basegun runs from images');
  for (const words of [['catalogage'], ['catalogage', 'v1.0.0', '--ref', 'master']]) {
    expect(await set(...words)).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('either a version or --ref'),
    });
  }
});

let hub: GitHub;

beforeEach(async () => {
  hub = await github({ 'Pulumi.prod.yaml': file('prod'), 'README.md': 'kept' });
});

afterEach(() => hub.close());

const propose = (version: string, repository: readonly string[] = [], env: NodeJS.ProcessEnv = {}) =>
  berthHere(['set-version', 'prod', 'basegun', version, '--pull-request', ...repository], checkout, {
    ...hub.environment(),
    ...env,
  });

test('a pull request is opened, and edited for the next version, on what the default branch says then', async () => {
  const first = await propose('3.4.0');
  const address = 'https://github.example/acme/infrastructure/pull/1';
  expect(first).toEqual({ code: 0, stdout: `prod: basegun 3.3.0 → 3.4.0: ${address}\n`, stderr: '' });
  const branch = 'berth/prod/basegun';
  expect(filesOf(hub.state, branch)).toEqual({
    'Pulumi.prod.yaml': file('prod').replace('version: 3.3.0', 'version: 3.4.0'),
    'README.md': 'kept',
  });
  expect(hub.state.pulls).toMatchObject([{ title: 'prod: basegun 3.4.0', head: branch, base: 'main', state: 'open' }]);
  // Somebody else's change arrives meanwhile; this job runs for an application's own repository
  hub.state.trees['tree-0'] = { 'Pulumi.prod.yaml': `# new\n${file('prod')}` };
  const own = { GITHUB_REPOSITORY: 'acme/application' };
  const second = await propose('3.5.0', ['--repository', 'acme/infrastructure'], own);
  expect(second.stdout).toBe(`prod: basegun 3.3.0 → 3.5.0: ${address}\n`);
  const changed = `# new\n${file('prod').replace('version: 3.3.0', 'version: 3.5.0')}`;
  expect(filesOf(hub.state, branch)).toEqual({ 'Pulumi.prod.yaml': changed });
  expect(hub.state.pulls.map(({ title }) => title)).toEqual(['prod: basegun 3.5.0']);
  const commit = hub.state.commits[hub.state.branches[branch] ?? ''];
  expect(commit).toMatchObject({ message: 'prod: basegun 3.5.0', parents: ['commit-0'] });
  expect(hub.state.branches.main).toBe('commit-0');
});

test('a refused version, or one that is there already, writes nothing on GitHub', async () => {
  const [refused, same] = await Promise.all([propose('latest'), propose('3.3.0')]);
  expect(refused).toMatchObject({ code: 1, stderr: expect.stringContaining('mutable tag') });
  expect(same).toMatchObject({ code: 0, stdout: 'prod: basegun is 3.3.0 already\n' });
  expect(hub.writes).toEqual([]);
});
