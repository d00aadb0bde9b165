import { cp, mkdir, open, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../paths.ts';
import { downloadPlugin } from './downloadPlugin.ts';
import { type Engine, pulumiHome } from './engine.ts';
import { engineEnvironment, type Place, pluginFolder } from './place.ts';
import { putInPlace } from './putInPlace.ts';

/** Version of @pulumi/command in package.json: the engine requires exactly this version of the plugin */
const version = '1.2.1';
const genuine = { name: 'command', version };
const folderName = `resource-command-v${version}`;
const executable = 'pulumi-resource-command';
const standIn = join(checkout, 'src', 'pulumi', 'command', executable);

export type CommandPlugin = { kind: 'genuine' } | { kind: 'stand-in'; reason: string };

/** Returns the folder in which the engine finds a place's command plugin */
export const commandPluginFolder = (place: Place): string => join(pluginFolder(place), folderName);

/**
 * Installs the command plugin in a place: the genuine one if it is installed or can be downloaded, otherwise the
 * checkout's stand-in
 */
export async function installCommandPlugin(
  place: Place,
  engine: Engine,
  log: (line: string) => void,
): Promise<CommandPlugin> {
  const target = commandPluginFolder(place);
  if (await isGenuine(target)) return { kind: 'genuine' };
  const downloaded = join(pulumiHome(), 'plugins', folderName);
  const environment = engineEnvironment(place, engine, false);
  const obstacle = (await isGenuine(downloaded)) ? undefined : await downloadPlugin(genuine, engine, log, environment);
  if (obstacle === undefined) {
    await putInPlace(target, (aside) => cp(downloaded, aside, { recursive: true }));
    return { kind: 'genuine' };
  }
  await putInPlace(target, async (aside) => {
    await mkdir(aside);
    const script = `#!/bin/sh\nexec '${standIn.replaceAll("'", "'\\''")}' "$@"\n`;
    await writeFile(join(aside, executable), script, { mode: 0o755 });
  });
  return { kind: 'stand-in', reason: obstacle };
}

/** Returns whether the genuine plugin was downloaded for this user */
export const hasGenuinePlugin = (): Promise<boolean> => isGenuine(join(pulumiHome(), 'plugins', folderName));

/** The genuine plugin is a binary, the stand-in a script */
async function isGenuine(folder: string): Promise<boolean> {
  const file = await open(join(folder, executable)).catch(() => undefined);
  if (!file) return false;
  try {
    const { buffer, bytesRead } = await file.read(Buffer.alloc(2), 0, 2, 0);
    return bytesRead === 2 && buffer.toString() !== '#!';
  } finally {
    await file.close();
  }
}
