import { mkdir, writeFile } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import { checkout } from '../../src/paths.ts';

/** The folder of another command plugin than the checkout's stand-in, such as the genuine one. */
const given = process.env.BERTH_COMMAND_PLUGIN;

/** Whether the tests run against the checkout's stand-in; what it alone says or refuses is then tested too. */
export const isStandIn = given === undefined;

/** The checkout's stand-in for the command plugin, by the name under which the engine looks for it. */
export const standIn = { 'command-v1.2.1': join(checkout, 'src/pulumi/command/pulumi-resource-command') };

/** The command plugin under test: that of the folder in BERTH_COMMAND_PLUGIN, else the stand-in. */
export const commandPlugin =
  given === undefined ? standIn : { 'command-v1.2.1': join(resolve(given), 'pulumi-resource-command') };

/** Puts wrapper scripts where the engine looks for plugins: an executable in a real folder, as a genuine plugin is. */
export async function installPlugins(folder: string, plugins: Record<string, string>): Promise<void> {
  for (const [nameAndVersion, target] of Object.entries(plugins)) {
    const place = join(folder, `resource-${nameAndVersion}`);
    await mkdir(place, { recursive: true });
    const executable = `pulumi-resource-${nameAndVersion.replace(/-v[^-]*$/, '')}`;
    await writeFile(join(place, executable), `#!/bin/sh\nexec '${target}' "$@"\n`, { mode: 0o755 });
  }
}
