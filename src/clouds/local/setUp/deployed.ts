import { createHash } from 'node:crypto';
import { readdir, readFile, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { isDeepStrictEqual } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';
import { checkout } from '../../../paths.ts';
import { type Place, stackFile, stateFile } from '../../../pulumi/place.ts';
import { preparedKey } from './stackFile.ts';

/** File that says what the last complete deployment of a stack was made from, and the state that it left */
const noteFile = ({ folder, stack }: Place): string => join(folder, stack, 'deployed');

const images = z.record(z.string(), z.string());
const note = z.object({ rest: z.string(), images });
type Note = z.infer<typeof note>;

/**
 * Returns the production names of the images whose content has changed since a stack's last complete deployment: none
 * where its file, sources and state are the same; undefined where something else has changed, or where it can't be told.
 */
export async function changedImages(place: Place): Promise<readonly string[] | undefined> {
  const kept: unknown = await readFile(noteFile(place), 'utf8')
    .then(JSON.parse)
    .catch(() => undefined);
  const { data: before } = note.safeParse(kept);
  const now = await noteOf(place);
  const isSame = before?.rest === now.rest && isDeepStrictEqual(namesIn(before), namesIn(now));
  return isSame ? namesIn(now).filter((name) => now.images[name] !== before.images[name]) : undefined;
}

export const noteDeployed = async (place: Place): Promise<void> =>
  writeFile(noteFile(place), JSON.stringify(await noteOf(place)));

export const forgetDeployed = (place: Place): Promise<void> => rm(noteFile(place), { force: true });

const namesIn = (one: Note): readonly string[] => Object.keys(one.images).sort();

async function noteOf(place: Place): Promise<Note> {
  const [file = '', state = ''] = await Promise.all(
    [stackFile(place), stateFile(place)].map((path) => readFile(path, 'utf8').catch(() => '')),
  );
  const sources = [
    ...['src', 'systems', 'templates', 'package.json'].map((path) => join(checkout, path)),
    ...['systems', 'package-lock.json'].map((path) => join(place.project, path)),
  ].map(stateOf);
  const { config = {}, ...settings } = parse(file) ?? {};
  const { images: own, ...prepared } = config[preparedKey] ?? {};
  const rest = [settings, { ...config, [preparedKey]: prepared }, state, ...(await Promise.all(sources))];
  return { rest: createHash('sha256').update(JSON.stringify(rest)).digest('hex'), images: images.catch({}).parse(own) };
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
