import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../tools/lib/paths.ts';

/** The plugins that are part of the checkout, by the name under which the engine looks for them. */
export const ownPlugins = {
  command: { 'command-v1.2.1': join(checkout, 'src/plugins/command/pulumi-resource-command') },
};

/** Puts wrapper scripts where the engine looks for plugins: an executable in a real folder, as a genuine plugin is. */
export async function installPlugins(folder: string, plugins: Record<string, string>): Promise<void> {
  for (const [nameAndVersion, target] of Object.entries(plugins)) {
    const place = join(folder, `resource-${nameAndVersion}`);
    await mkdir(place, { recursive: true });
    const executable = `pulumi-resource-${nameAndVersion.replace(/-v[^-]*$/, '')}`;
    await writeFile(join(place, executable), `#!/bin/sh\nexec '${target}' "$@"\n`, { mode: 0o755 });
  }
}
