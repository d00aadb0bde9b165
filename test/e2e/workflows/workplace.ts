import { spawn } from 'node:child_process';
import { cp, mkdir, readFile, rm, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { type Document, parseDocument } from 'yaml';
import { checkout } from '../../../src/paths.ts';
import { stdoutOf } from '../stack.ts';
import type { Workplace } from './play.ts';

/** Result of a command line, with both outputs as one text */
export interface Run {
  code: number | null;
  output: string;
}

/** Returns a function that runs git in a folder */
export const gitIn =
  (folder: string) =>
  async (...words: string[]): Promise<string> =>
    (await stdoutOf('git', ['-C', folder, ...identity, ...words])).trim();

const identity = ['-c', 'user.name=workflows', '-c', 'user.email=workflows@example.org', '-c', 'commit.gpgsign=false'];

/** Clones this checkout, and commits its uncommitted changes on main */
export async function cloneTo(folder: string): Promise<void> {
  await mkdir(dirname(folder), { recursive: true });
  await stdoutOf('git', ['clone', '--quiet', checkout, folder]);
  const listed = await gitIn(checkout)('ls-files', '-z', '--cached', '--others', '--exclude-standard');
  const here = new Set(listed.split('\0').filter((file) => file !== ''));
  for (const file of here) {
    const from = join(checkout, file);
    await cp(from, join(folder, file), { verbatimSymlinks: true }).catch(async (error: NodeJS.ErrnoException) => {
      if (error.code !== 'ENOENT') throw error;
      await rm(join(folder, file), { force: true });
    });
  }
  const git = gitIn(folder);
  await git('checkout', '--quiet', '-B', 'main');
  await git('add', '--all');
  await git('commit', '--quiet', '--allow-empty', '--message', 'what is being worked on');
}

/** Changes options of Basegun in a stack's file; undefined removes one */
export async function changeOptions(file: string, options: Readonly<Record<string, unknown>>): Promise<void> {
  const document: Document = parseDocument(await readFile(file, 'utf8'));
  for (const [name, value] of Object.entries(options)) {
    const path = ['config', 'berth:systems', 'basegun', name];
    if (value === undefined) document.deleteIn(path);
    else document.setIn(path, value);
  }
  await writeFile(file, document.toString());
}

/**
 * Returns the clone as a runner's workspace. Packages are installed once for each lock file, which saves about a minute
 * for each run.
 */
export function workspace(folder: string): (started: string) => Workplace {
  let installed: string | undefined;
  const run = async (line: string, environment: Readonly<Record<string, string>>): Promise<Run> => {
    if (!line.startsWith('npm ci ') || line.includes('--prefix')) return runLine(folder, line, environment);
    const lock = await readFile(join(folder, 'package-lock.json'), 'utf8');
    if (installed === lock) return { code: 0, output: 'installed already' };
    const done = await runLine(folder, line, environment);
    if (done.code === 0) installed = lock;
    return done;
  };
  return (started) => ({
    folder,
    run,
    async checkout(ref = started, path) {
      if (path === undefined) {
        await gitIn(folder)('checkout', '--quiet', '--force', ref);
        return;
      }
      await rm(join(folder, path), { recursive: true, force: true });
      await stdoutOf('git', ['clone', '--quiet', folder, join(folder, path)]);
      await gitIn(join(folder, path))('checkout', '--quiet', ref);
    },
  });
}

/**
 * Runs a command line as a runner does, without the user's cloud credentials and with an SSH agent that does not exist
 */
export function runLine(folder: string, line: string, environment: Readonly<Record<string, string>>): Promise<Run> {
  const own = Object.entries(process.env).filter(
    ([name]) => !/^(GITHUB|PULUMI|AWS|ARM|AZURE|OS|OVH|VITEST|SSH)_|^(NODE_ENV|NODE_OPTIONS|TEST|CI)$/.test(name),
  );
  // An SSH agent of the runner's user, which a job's `SSH_AUTH_SOCK: ""` must hide
  const env = { ...Object.fromEntries(own), SSH_AUTH_SOCK: '/an/agent/of/somebody', CI: 'true', ...environment };
  return new Promise((resolve, reject) => {
    const child = spawn('bash', ['--noprofile', '--norc', '-eo', 'pipefail', '-c', line], {
      cwd: folder,
      env,
      stdio: ['ignore', 'pipe', 'pipe'],
    });
    let output = '';
    child.stdout.on('data', (data: Buffer) => (output += data.toString()));
    child.stderr.on('data', (data: Buffer) => (output += data.toString()));
    child.on('error', reject);
    child.on('close', (code) => resolve({ code, output }));
  });
}
