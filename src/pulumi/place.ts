import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readdir, readFile, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Engine, pathWith, wrapperVersion } from './engine.ts';

/**
 * Returns a project's name from its Pulumi.yaml
 * @param project folder with Pulumi.yaml
 */
export function projectName(project: string): string {
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(join(project, 'Pulumi.yaml'), 'utf8')));
  return name;
}

/** Folders of a stack; everything that is generated for it is below one of them */
export interface Place {
  /** Name of the stack */
  stack: string;
  /** Folder for state, passphrase, plugins and the generated stack file */
  folder: string;
  /** Folder with Pulumi.yaml */
  project: string;
}

/**
 * Returns the place of a stack of local machines
 * @param project folder with Pulumi.yaml
 * @param stack name without organization and project
 */
export const placeIn = (project: string, stack: string): Place => ({ stack, project, folder: join(project, '.berth') });

/** Returns the file with the stack's configuration for the engine (`--config-file`) */
export function stackFile({ stack, folder }: Place): string {
  return join(folder, stack, `Pulumi.${stack}.yaml`);
}

/** Returns the file in which the file backend stores the stack's state, once the stack exists */
export function stateFile({ stack, folder, project }: Place): string {
  return join(folder, 'state', '.pulumi', 'stacks', projectName(project), `${stack}.json`);
}

/** Returns the folder of plugins (`$PULUMI_HOME/plugins`) */
export function pluginFolder({ folder }: Place): string {
  return join(folder, 'home', 'plugins');
}

/** Creates a place's folders and, once, its random passphrase, readable by its owner only */
export async function preparePlace(place: Place, engine: Engine): Promise<void> {
  for (const folder of ['home/plugins', 'home/versions', 'state', place.stack]) {
    await mkdir(join(place.folder, folder), { recursive: true, mode: 0o700 });
  }
  const passphrase = randomBytes(24).toString('base64url');
  await writeFile(passphraseFile(place), passphrase, { mode: 0o600, flag: 'wx' }).catch(unlessItExists);
  // `npx pulumi` looks here before it downloads an engine, so that it also works without internet access
  await link(dirname(engine.folder), join(place.folder, 'home', 'versions', wrapperVersion));
  await withoutAutomaticLog(join(place.folder, 'home', 'logs'));
}

/**
 * Returns the environment variables for the engine, with the place's own state, home and passphrase
 * @param offline whether to use installed plugins only, without looking for others
 */
export function engineEnvironment(place: Place, engine: Engine, offline: boolean): NodeJS.ProcessEnv {
  const { PULUMI_CONFIG_PASSPHRASE: _passphrase, PULUMI_ACCESS_TOKEN: _token, ...inherited } = process.env;
  return {
    ...inherited,
    PATH: pathWith(engine),
    PULUMI_HOME: join(place.folder, 'home'),
    PULUMI_BACKEND_URL: pathToFileURL(join(place.folder, 'state')).href,
    PULUMI_CONFIG_PASSPHRASE_FILE: passphraseFile(place),
    PULUMI_CREDENTIAL_STORE: 'plaintext',
    PULUMI_SKIP_UPDATE_CHECK: 'true',
    PULUMI_SUPPRESS_NEO_LINK: 'true',
    ...(offline && { PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: 'true', PULUMI_DISABLE_REGISTRY_RESOLVE: 'true' }),
  };
}

/** Returns whether the stack exists in its file backend */
export function stackExists(place: Place): boolean {
  return existsSync(stateFile(place)) || existsSync(`${stateFile(place)}.gz`);
}

/** Returns the place's passphrase, which `preparePlace` made */
export const passphraseOf = (place: Place): Promise<string> => readFile(passphraseFile(place), 'utf8');

function passphraseFile({ folder }: Place): string {
  return join(folder, 'passphrase');
}

/**
 * Keeps the engine from writing every property of every resource to a log, which takes more than half of its processor
 * time and up to 500 MB. It has no setting for it, and goes on without the log where its folder cannot be made.
 */
async function withoutAutomaticLog(path: string): Promise<void> {
  const text = 'A file in the place of this folder keeps the engine from writing its automatic logs here.\n';
  // Of an earlier version of berth, which left them on
  if (await readdir(path).catch(() => undefined)) await rm(path, { recursive: true });
  await writeFile(path, text, { flag: 'wx' }).catch(unlessItExists);
}

async function link(target: string, path: string): Promise<void> {
  const present = await readlink(path).catch(() => undefined);
  if (present === target) return;
  if (present !== undefined) await rm(path);
  await symlink(target, path).catch(unlessItExists);
}

function unlessItExists(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error;
}
