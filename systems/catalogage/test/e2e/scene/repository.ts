import { execFile } from 'node:child_process';
import { cp, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';

const source = new URL('../../../repository', import.meta.url).pathname;

/** The stand-in's git repository, as a server gives it */
export interface Repository {
  /** A folder that holds `catalogage.git` */
  served: string;
  /** Commits a version that says its name, with further files by path; gives its hash */
  commit(version: string, files?: Readonly<Record<string, string>>): Promise<string>;
  /** The last commit, also with a name that an earlier one had */
  tag(name: string): Promise<void>;
  /** The last commit */
  head(): Promise<string>;
  remove(): Promise<void>;
}

export async function makeRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-repository-'));
  const [work, served] = [join(folder, 'work'), join(folder, 'served')];
  const bare = join(served, 'catalogage.git');
  await cp(source, work, { recursive: true });
  const git = async (...words: string[]): Promise<string> => {
    const who = ['-c', 'user.name=test', '-c', 'user.email=test@example.org'];
    return (await promisify(execFile)('git', ['-C', work, ...who, ...words])).stdout.trim();
  };
  const publish = async (): Promise<void> => {
    await git('push', '--quiet', '--force', '--tags', bare, 'HEAD:main');
    // Plain files over HTTP are all that its server gives
    await git('--git-dir', bare, 'update-server-info');
  };
  await git('init', '--quiet', '--initial-branch', 'main');
  await git('init', '--quiet', '--bare', bare);
  await promisify(execFile)('chmod', ['755', folder]);
  return {
    served,
    async commit(version, files = {}) {
      // What an earlier commit broke is whole again, and what it added is gone
      await git('rm', '-r', '--quiet', '--ignore-unmatch', '.');
      await cp(source, work, { recursive: true });
      for (const path of ['server/version.py', 'client/src/index.js']) {
        const text = await readFile(join(work, path), 'utf8');
        await writeFile(join(work, path), text.replace(/(VERSION|version) = (["'])one\2/, `$1 = $2${version}$2`));
      }
      for (const [path, text] of Object.entries(files)) await writeFile(join(work, path), text);
      await git('add', '--all');
      await git('commit', '--quiet', '--allow-empty', '--message', version);
      await publish();
      return git('rev-parse', 'HEAD');
    },
    head: () => git('rev-parse', 'HEAD'),
    async tag(name) {
      await git('tag', '--force', name);
      await publish();
    },
    remove: () => rm(folder, { recursive: true, force: true }),
  };
}
