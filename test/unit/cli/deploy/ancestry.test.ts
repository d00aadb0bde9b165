import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { ancestryOf, fetching } from '../../../../src/cli/deploy/ancestry.ts';
import { put, temporaryFolder } from '../berth.ts';

/** A repository with two commits in a row, tagged v1 and v2, and a branch from the first */
function repository() {
  const folder = temporaryFolder();
  const git = gitOf(folder);
  const commit = (name: string): string => {
    put(folder, name, '');
    git('add', '--all', '.');
    git('commit', '--quiet', '--message', name);
    return git('rev-parse', 'HEAD');
  };
  git('init', '--quiet', '--initial-branch', 'main');
  git('config', 'uploadpack.allowAnySHA1InWant', 'true');
  const first = commit('first');
  git('tag', 'v1');
  const second = commit('second');
  git('checkout', '--quiet', '-b', 'side', first);
  const side = commit('side');
  return { folder, git, commit, first, second, side };
}

const gitOf =
  (folder: string) =>
  (...args: string[]): string =>
    execFileSync('git', ['-c', 'user.name=a', '-c', 'user.email=a@example.org', ...args], { cwd: folder })
      .toString()
      .trim();

/** A clone of it, at one of its commits */
function clone(of: string, at: string, ...how: string[]): string {
  const folder = join(temporaryFolder(), 'clone');
  execFileSync('git', ['clone', '--quiet', ...how, `file://${of}`, folder]);
  gitOf(folder)('checkout', '--quiet', '--detach', at);
  return folder;
}

test('a commit is the same as a deployed one, newer, older, or of another branch', async () => {
  const { folder, git, first, second, side } = repository();
  const relation = async (here: string, deployed: string) => {
    git('checkout', '--quiet', here);
    return ancestryOf(folder, process.env).relation(deployed);
  };
  expect(await relation(first, first)).toBe('same');
  expect(await relation(second, first)).toBe('newer');
  expect(await relation(first, second)).toBe('older');
  expect(await relation(side, second)).toBe('apart');
});

test('a deployed commit that was pushed since the clone is fetched, also where no branch has it any more', async () => {
  const { folder, git, commit, second } = repository();
  const here = clone(folder, second);
  git('checkout', '--quiet', '--detach', second);
  expect(await ancestryOf(here, process.env).relation(commit('third'))).toBe('older');
});

test('what can not be told says why', async () => {
  const { folder, first, second } = repository();
  const unknown = async (here: string, deployed: string) =>
    (await ancestryOf(here, process.env).relation(deployed)) as { unknown: string };
  const gone = '1'.repeat(40);
  expect((await unknown(clone(folder, second), gone)).unknown).toMatch(
    /^this clone lacks that commit, and origin does not provide it \(.*\)$/,
  );
  expect((await unknown(folder, gone)).unknown).toContain('this clone lacks that commit');
  expect((await unknown(clone(folder, 'HEAD', '--depth', '1'), first)).unknown).toContain('fetch-depth: 0');
  expect((await unknown(temporaryFolder(), first)).unknown).toContain('not in a git repository');
});

test('a commit is named by its tag where it has one', async () => {
  const { folder, first, second } = repository();
  const git = ancestryOf(clone(folder, second), process.env);
  expect(await git.named(first)).toBe(`v1 (${first.slice(0, 12)})`);
  expect(await git.here()).toBe(second.slice(0, 12));
  expect(await ancestryOf(temporaryFolder(), process.env).here()).toBeUndefined();
});

test("a workflow's token is given to git in its environment, for GitHub alone, and nobody is asked for a password", () => {
  const told = fetching({ GITHUB_SERVER_URL: 'https://github.com', GITHUB_TOKEN: 'the token' });
  expect(told).toMatchObject({
    ...{ GIT_TERMINAL_PROMPT: '0', GIT_CONFIG_COUNT: '1', GIT_CONFIG_KEY_0: 'http.https://github.com/.extraheader' },
    GIT_CONFIG_VALUE_0: `AUTHORIZATION: basic ${Buffer.from('x-access-token:the token').toString('base64')}`,
  });
  expect(fetching({ GITHUB_SERVER_URL: 'https://github.com' })).not.toHaveProperty('GIT_CONFIG_COUNT');
});
