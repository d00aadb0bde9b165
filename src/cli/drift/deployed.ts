import { execFile as execFileOfNode, spawn } from 'node:child_process';
import { mkdtemp, readFile, rm, symlink } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { promisify } from 'node:util';
import type { EngineStack } from '../../pulumi/stack.ts';
import { berthOf } from '../checkout.ts';
import { stackHistory, type Update } from '../history.ts';

const execFile = promisify(execFileOfNode);

/** Returns the commit of a stack's last successful deployment; undefined where the engine recorded none */
export function deployedCommit(listed: readonly Update[]): string | undefined {
  const last = listed.find(({ kind, result }) => kind === 'update' && result === 'succeeded');
  return last?.environment?.['git.head'];
}

/**
 * Runs `berth` with these arguments in a temporary work tree of the commit that the stack was deployed from
 * @returns its exit code; undefined where the current commit is that one, none is known, or the stack is a local one
 * @throws where the repository lacks the commit, as a shallow clone does
 */
export async function runAsDeployed(on: EngineStack, words: readonly string[]): Promise<number | undefined> {
  // The state of a local stack is in its checkout only
  if (on.configFile !== undefined) return undefined;
  const git = async (...args: string[]) => (await execFile('git', args, { cwd: on.project })).stdout.trim();
  const commit = deployedCommit(await stackHistory(on, 20));
  if (commit === undefined || commit === (await git('rev-parse', 'HEAD'))) return undefined;
  const folder = await mkdtemp(join(tmpdir(), 'berth-deployed-'));
  try {
    await git('worktree', 'add', '--detach', folder, commit).catch((error: Error) => {
      throw new Error(
        `stack ${on.stack} was deployed from ${commit}, which this clone lacks: fetch all commits (${error.message.trim()})`,
      );
    });
    const project = join(folder, relative(await git('rev-parse', '--show-toplevel'), on.project));
    console.error(`compared with the deployed commit ${commit.slice(0, 12)}:`);
    await packages(on.project, project);
    const child = spawn(process.execPath, [berthOf(project), ...words], {
      cwd: project,
      stdio: 'inherit',
    });
    return await new Promise<number>((resolve, reject) =>
      child.on('close', (code) => resolve(code ?? 1)).on('error', reject),
    );
  } finally {
    await git('worktree', 'remove', '--force', folder).catch(() => rm(folder, { recursive: true, force: true }));
  }
}

/** Uses the packages of this checkout where both lock files are equal; otherwise installs the other's */
async function packages(here: string, there: string): Promise<void> {
  const [ours, theirs] = await Promise.all(
    [here, there].map((folder) => readFile(join(folder, 'package-lock.json'), 'utf8')),
  );
  if (ours === theirs) await symlink(join(here, 'node_modules'), join(there, 'node_modules'));
  else await execFile('npm', ['ci', '--ignore-scripts', '--no-audit', '--no-fund'], { cwd: there });
}
