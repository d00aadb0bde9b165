import { execFile } from 'node:child_process';
import { mkdir, readFile, symlink, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { convergeCommand } from '../../../src/hosts/commands.ts';
import { checkout } from '../../../src/paths.ts';

/** The last commit whose release engine was a shell script */
const commit = '5e3af6f7670ad78ce3aa046db47eeac0e85059fa';

/** Command that receives that commit's bundles on a machine */
export const formerCommand = convergeCommand.replace('bash $d/start.sh $d', 'bash $d/scripts/start.sh $d');

/**
 * Unpacks that commit's sources below a folder and returns the path of its Pulumi program. It uses the installed
 * packages of this checkout.
 * @throws if the clone lacks the commit, as a shallow one does
 */
export async function formerProgram(folder: string): Promise<string> {
  const sources = join(folder, 'former');
  await mkdir(sources);
  const git = ['git', '-C', checkout];
  await bash(`${git.join(' ')} cat-file -e '${commit}^{commit}'`).catch(() => {
    throw new Error(`this clone has no commit ${commit}, whose releases are taken over: git fetch --unshallow`);
  });
  await bash(
    `set -o pipefail; ${git.join(' ')} archive ${commit} src templates tools package.json package-lock.json | tar -x -C ${sources}`,
  );
  await symlink(join(checkout, 'node_modules'), join(sources, 'node_modules'));
  const local = join(sources, 'src', 'clouds', 'local');
  await withNamesOfThisCheckout(join(local, 'site.ts'));
  await withFunctionsOfThisCheckout(join(local, 'ground.ts'));
  return join(sources, 'src', 'main.js');
}

/** Names of local machines contain the checkout's path: with another path the machines would be recreated */
async function withNamesOfThisCheckout(file: string): Promise<void> {
  const named = /new URL\('\.\.\/\.\.\/\.\.', [\w.]+\)\.pathname/;
  const text = await readFile(file, 'utf8');
  if (!named.test(text)) throw new Error(`${file} does not name its checkout by ${named}`);
  await writeFile(file, text.replace(named, JSON.stringify(`${checkout}/`)));
}

/** Renames the check of the computer to the name in this checkout's provider of local machines */
async function withFunctionsOfThisCheckout(file: string): Promise<void> {
  const text = await readFile(file, 'utf8');
  if (!text.includes('berthlocal:index:ground')) throw new Error(`${file} does not ask berthlocal:index:ground`);
  await writeFile(file, text.replace('berthlocal:index:ground', 'berthlocal:index:computer'));
}

const bash = (script: string) => promisify(execFile)('bash', ['-c', script]);
