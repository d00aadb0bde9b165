import { createHash } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { type Place, stackFile } from '../../../pulumi/place.ts';

/** File that says what the last complete deployment of a stack was made from */
const noteFile = ({ folder, stack }: Place): string => join(folder, stack, 'deployed');

/** Returns a hash of what a stack is made from: its file, and the bundled program, which is named after its sources */
async function sourceOf(place: Place): Promise<string> {
  const [file, bundles] = await Promise.all([
    readFile(stackFile(place), 'utf8'),
    readdir(join(place.project, '.berth', 'bundles')).catch(() => []),
  ]);
  const programs = bundles.filter((name) => /^index-.*\.cjs$/.test(name)).sort();
  return createHash('sha256')
    .update(JSON.stringify([file, programs]))
    .digest('hex');
}

/** Returns whether the last complete deployment of a stack was made from what it would be made from now */
export const isAsDeployed = async (place: Place): Promise<boolean> =>
  (await readFile(noteFile(place), 'utf8').catch(() => '')) === (await sourceOf(place));

export const noteDeployed = async (place: Place): Promise<void> => writeFile(noteFile(place), await sourceOf(place));

export const forgetDeployed = (place: Place): Promise<void> => rm(noteFile(place), { force: true });
