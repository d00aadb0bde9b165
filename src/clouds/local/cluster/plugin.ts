import { existsSync } from 'node:fs';
import { copyFile, mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { downloadPlugin } from '../../../pulumi/downloadPlugin.ts';
import { findEngine, pulumiHome } from '../../../pulumi/engine.ts';
import { type Place, pluginFolder } from '../../../pulumi/place.ts';
import { putInPlace } from '../../../pulumi/putInPlace.ts';
import { type Compiled, compiledProgram, programPath } from '../images/program.ts';

/** Version of @pulumi/kubernetes in package.json: the engine requires exactly this version of the plugin */
export const kubernetesVersion = '4.34.2';
const folderName = `resource-kubernetes-v${kubernetesVersion}`;
const executable = 'pulumi-resource-kubernetes';
const module = 'github.com/pulumi/pulumi-kubernetes/provider/v4';

/** The plugin, from the provider's own Go module */
const compiled: Compiled = {
  name: 'the kubernetes plugin',
  context: fileURLToPath(new URL('plugin', import.meta.url)),
  program: {
    name: executable,
    package: '.',
    linkerFlags: `-X ${module}/pkg/version.Version=${kubernetesVersion}`,
    embeds: {
      module,
      files: ['schema.json', 'terraform-mapping.json'].map((file) => `cmd/pulumi-resource-kubernetes/${file}`),
    },
  },
};

const downloaded = (): string => join(pulumiHome(), 'plugins', folderName);

/** Returns the plugin's program, downloaded or compiled; nothing before `makeKubernetesPlugin` */
export const kubernetesPlugin = (): string | undefined =>
  [join(downloaded(), executable), programPath(compiled)].find((file) => file !== undefined && existsSync(file));

/** Downloads the plugin of Kubernetes, or compiles it where that is impossible */
export async function makeKubernetesPlugin(log: (line: string) => void): Promise<void> {
  if (kubernetesPlugin() !== undefined) return;
  const engine = await findEngine(log);
  const obstacle = await downloadPlugin({ name: 'kubernetes', version: kubernetesVersion }, engine, log);
  if (obstacle === undefined) return;
  log(`${obstacle}: the plugin of Kubernetes is built from its Go module`);
  await compiledProgram(compiled, log);
}

/** Puts the plugin of Kubernetes where the engine looks for a place's plugins, made if need be */
export async function installKubernetesPlugin(place: Place, log: (line: string) => void): Promise<void> {
  const target = join(pluginFolder(place), folderName);
  if (existsSync(target)) return;
  await makeKubernetesPlugin(log);
  const program = kubernetesPlugin();
  if (program === undefined) throw new Error('the kubernetes plugin was made, and is not where it belongs');
  await putInPlace(target, async (aside) => {
    await mkdir(aside);
    await copyFile(program, join(aside, executable));
  });
}
