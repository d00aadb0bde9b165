import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';
import { checkout } from '../../src/paths.ts';
import { downloadPlugin } from '../../src/pulumi/downloadPlugin.ts';
import { findEngine, pulumiHome } from '../../src/pulumi/engine.ts';
import { linter, madeLinter } from '../../tools/lib/linters.ts';

const manifest = z.object({ dependencies: z.object({ '@pulumi/openstack': z.string() }) });
const { '@pulumi/openstack': version } = manifest.parse(
  JSON.parse(readFileSync(join(checkout, 'package.json'), 'utf8')),
).dependencies;

const program = 'pulumi-resource-openstack';

/** Name and version by which the engine looks for the plugin */
export const pluginName = `openstack-v${version}`;

/** Returns the plugin's program, the genuine one before the one that is built here; nothing before `makePlugin` */
export function pluginPath(): string | undefined {
  const genuine = join(pulumiHome(), 'plugins', `resource-${pluginName}`, program);
  return existsSync(genuine) ? genuine : madeLinter(program);
}

/** Downloads the genuine plugin, or builds it from the Terraform provider and Pulumi's bridge where that is impossible */
export async function makePlugin(log: (line: string) => void): Promise<void> {
  const engine = await findEngine(log);
  const obstacle = await downloadPlugin({ name: 'openstack', version }, engine, log);
  if (obstacle === undefined) return;
  log(`${obstacle}: the plugin of OpenStack is built from its Go modules`);
  await linter(program, log);
}
