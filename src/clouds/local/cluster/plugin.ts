import { existsSync } from 'node:fs';
import { copyFile, cp, mkdir } from 'node:fs/promises';
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

/** Returns whether the plugin of Kubernetes is on this computer, downloaded or compiled */
export const kubernetesPluginIsHere = (): boolean =>
  existsSync(join(downloaded(), executable)) || existsSync(programPath(compiled) ?? '');

/** Downloads the plugin of Kubernetes, or compiles it where that is impossible */
export async function makeKubernetesPlugin(log: (line: string) => void): Promise<void> {
  if (kubernetesPluginIsHere()) return;
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
  const genuine = downloaded();
  const program = programPath(compiled);
  await putInPlace(target, async (aside) => {
    if (existsSync(genuine)) return cp(genuine, aside, { recursive: true });
    await mkdir(aside);
    if (program !== undefined) await copyFile(program, join(aside, executable));
  });
}
