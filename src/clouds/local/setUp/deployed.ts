import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../../paths.ts';
import { type Place, stackFile, stateFile } from '../../../pulumi/place.ts';

/** File that says what the last complete deployment of a stack was made from, and the state that it left */
const noteFile = ({ folder, stack }: Place): string => join(folder, stack, 'deployed');

/** Returns whether file, sources and state of a stack are those of its last complete deployment */
export const isAsDeployed = async (place: Place): Promise<boolean> =>
  (await readFile(noteFile(place), 'utf8').catch(() => '')) === (await noteOf(place));

export const noteDeployed = async (place: Place): Promise<void> => writeFile(noteFile(place), await noteOf(place));

export const forgetDeployed = (place: Place): Promise<void> => rm(noteFile(place), { force: true });

async function noteOf(place: Place): Promise<string> {
  const files = [stackFile(place), stateFile(place)].map((file) => readFile(file, 'utf8').catch(() => ''));
  const sources = [
    ...['src', 'systems', 'templates', 'package.json'].map((path) => join(checkout, path)),
    ...['systems', 'package-lock.json'].map((path) => join(place.project, path)),
  ].map(stateOf);
  const known = await Promise.all([...files, ...sources]);
  return createHash('sha256').update(JSON.stringify(known)).digest('hex');
}

/** Returns sizes and times of a file, or of every file below a folder; empty where there is none */
async function stateOf(place: string): Promise<string> {
  const found = await stat(place).catch(() => undefined);
  if (!found) return '';
  if (!found.isDirectory()) return `${found.size} ${found.mtimeMs}`;
  const paths = (await readdir(place, { recursive: true })).sort();
  const states = paths.map(async (path) => {
    const one = await stat(join(place, path)).catch(() => undefined);
    return one?.isFile() ? `${path} ${one.size} ${one.mtimeMs}` : '';
  });
  return (await Promise.all(states)).join('\n');
}
