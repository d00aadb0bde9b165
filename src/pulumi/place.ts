import { randomBytes } from 'node:crypto';
import { existsSync, readFileSync } from 'node:fs';
import { mkdir, readlink, rm, symlink, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { parse } from 'yaml';
import { z } from 'zod';
import { type Engine, pathWith, wrapperVersion } from './engine.ts';

/**
 * A project's name in its Pulumi.yaml.
 * @param project the folder that holds it
 */
export function projectName(project: string): string {
  const { name } = z.object({ name: z.string() }).parse(parse(readFileSync(join(project, 'Pulumi.yaml'), 'utf8')));
  return name;
}

/** Where a stack lives: everything of it that is generated lies below one folder. */
export interface Place {
  /** The stack's name. */
  stack: string;
  /** The folder for its state, passphrase, plugins and generated stack file. */
  folder: string;
  /** The folder that holds Pulumi.yaml. */
  project: string;
}

/**
 * The place of a stack of local machines.
 * @param project the folder that holds Pulumi.yaml
 * @param stack its own name, without organization and project
 */
export const placeIn = (project: string, stack: string): Place => ({ stack, project, folder: join(project, '.berth') });

/** The file that the engine reads a stack's configuration from (`--config-file`). */
export function stackFile({ stack, folder }: Place): string {
  return join(folder, stack, `Pulumi.${stack}.yaml`);
}

/** Where the file backend keeps a stack's state once the stack has been made. */
export function stateFile({ stack, folder, project }: Place): string {
  return join(folder, 'state', '.pulumi', 'stacks', projectName(project), `${stack}.json`);
}

/** The folder that plugins are found in (`$PULUMI_HOME/plugins`). */
export function pluginFolder({ folder }: Place): string {
  return join(folder, 'home', 'plugins');
}

/** Makes a place's folders and, once, its random passphrase, which only its owner can read. */
export async function preparePlace(place: Place, engine: Engine): Promise<void> {
  for (const folder of ['home/plugins', 'home/versions', 'state', place.stack]) {
    await mkdir(join(place.folder, folder), { recursive: true, mode: 0o700 });
  }
  const passphrase = randomBytes(24).toString('base64url');
  await writeFile(passphraseFile(place), passphrase, { mode: 0o600, flag: 'wx' }).catch(unlessItExists);
  // `npx pulumi` by hand looks here before it downloads, so it works without the internet too.
  await link(dirname(engine.folder), join(place.folder, 'home', 'versions', wrapperVersion));
}

/**
 * The environment variables to run the engine in, on a place's own state, home and passphrase.
 * @param offline nothing but what is installed may be used: the engine does not even look for more
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

/** True once the stack has been made on its file backend. */
export function stackExists(place: Place): boolean {
  return existsSync(stateFile(place)) || existsSync(`${stateFile(place)}.gz`);
}

function passphraseFile({ folder }: Place): string {
  return join(folder, 'passphrase');
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
