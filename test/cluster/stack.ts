import { randomBytes } from 'node:crypto';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { stringify } from 'yaml';
import { everyImage } from '../../src/cli/local/wanted.ts';
import { installKubernetesPlugin } from '../../src/clouds/local/cluster/plugin.ts';
import { type GivenServices, startServices } from '../../src/clouds/local/cluster/services.ts';
import { clusterSettings, kubeconfigSecret } from '../../src/clouds/local/cluster/settings.ts';
import { prepareEngine, prepareImages } from '../../src/clouds/local/setUp/prepare.ts';
import { writeStackFile } from '../../src/clouds/local/setUp/stackFile.ts';
import { checkout, generated } from '../../src/paths.ts';
import { createProgress } from '../../src/process/progress.ts';
import { type Place, pluginFolder } from '../../src/pulumi/place.ts';
import { namespaceOf } from '../../src/render/cluster/input.ts';
import { configFile, type Options, type Run, run } from '../e2e/stack.ts';
import { installPlugins } from '../engine/plugins.ts';
import type { TestCluster } from './cluster.ts';

/** A system in the cluster of this run, on a stack of its own */
export interface ClusterStack {
  place: Place;
  environment: NodeJS.ProcessEnv;
  /** Namespace of the system */
  namespace: string;
  /** Where its log streams and buckets are, and the keys to them */
  given: GivenServices;
  /** Changes options of the system; undefined removes one */
  configure(options: Options): Promise<void>;
  up(...words: string[]): Promise<Run>;
  pulumi(command: string, ...words: string[]): Promise<Run>;
  /** The state, decrypted */
  state(): Promise<string>;
  /** Removes everything of the stack, also after a failed test */
  remove(): Promise<void>;
}

export interface Wanted {
  name: string;
  entry: Options;
  /** By name, without the system's prefix */
  secrets?: Readonly<Record<string, string>>;
  buckets?: readonly string[];
  logStreams?: readonly string[];
  /** Number of the first of their servers, which no other stack of the same cluster has. @default 0 */
  serviceNumber?: number;
  /** Settings of the cluster in the environment file beside those that every stack has */
  settings?: Options;
}

/** Prepares a stack of one system in the cluster without deploying it */
export async function clusterStack(cluster: TestCluster, wanted: Wanted): Promise<ClusterStack> {
  const { name } = wanted;
  const folder = await mkdtemp(join(tmpdir(), 'berth-cluster-stack-'));
  const place: Place = { stack: `in-${randomBytes(3).toString('hex')}`, folder, project: checkout };
  const progress = createProgress(join(generated, 'logs', place.stack), { write: () => true });
  const { environment } = await prepareEngine(place, progress);
  await installKubernetesPlugin(place, () => undefined);
  await installPlugins(pluginFolder(place), { 'tls-v5.6.1': join(checkout, 'test/cluster/tls/pulumi-resource-tls') });
  const images = await prepareImages(progress, everyImage);
  const given = await servicesOf(cluster, wanted, images.receivers);
  const own = Object.fromEntries(Object.entries(wanted.secrets ?? {}).map(([key, value]) => [`${name}/${key}`, value]));
  const committed = join(folder, 'environment.yaml');
  let entry: Options = { cloud: 'kubernetes', ...wanted.entry };
  const save = async () => {
    const config = {
      'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [] },
      'berth:clouds': { kubernetes: { ...clusterSettings(cluster.images, given), ...wanted.settings } },
      'berth:systems': { [name]: entry },
    };
    await writeFile(committed, stringify({ config }));
    const all = { ...own, ...given.secrets, [kubeconfigSecret]: cluster.kubeconfig };
    const secrets = Object.fromEntries(Object.entries(all).map(([key, value]) => [key, () => value]));
    await writeStackFile({ place, environment, committed, secrets, log: () => undefined });
  };
  await save();
  const pulumi = (command: string, ...words: string[]) =>
    run(
      'pulumi',
      [command, ...words, '--stack', place.stack, ...configFile(place, command)],
      environment,
      '',
      checkout,
    );
  const namespace = namespaceOf(name, place.stack);
  return {
    ...{ place, environment, namespace, given, pulumi },
    async configure(changes) {
      entry = Object.fromEntries(Object.entries({ ...entry, ...changes }).filter(([, value]) => value !== undefined));
      await save();
    },
    up: (...words) => pulumi('up', '--yes', '--skip-preview', '--non-interactive', ...words),
    state: async () => (await pulumi('stack', 'export')).output,
    async remove() {
      await cluster.kubectl('delete', 'namespace', namespace, '--ignore-not-found', '--wait=false');
      await rm(folder, { recursive: true, force: true });
    },
  };
}

/** Starts the servers that a cloud would bring beside the cluster */
function servicesOf(
  { place, subnet }: TestCluster,
  { name: system, buckets = [], logStreams = [], serviceNumber = 0 }: Wanted,
  images: { objectStore: string; logReceiver: string },
): Promise<GivenServices> {
  const named = (names: readonly string[]) => names.map((name) => ({ name }));
  const wanted = [{ system, buckets: named(buckets), logStreams: named(logStreams) }];
  return startServices(place, subnet, images, wanted, serviceNumber);
}
