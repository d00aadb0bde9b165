import { setTimeout as sleep } from 'node:timers/promises';
import { z } from 'zod';
import { interrupted } from '../../../process/interrupt.ts';
import { runLogged } from '../../../process/stage.ts';
import type { Place } from '../../../pulumi/place.ts';
import { acmeServer } from '../provider/acmeServer.ts';
import { inspectContainer, makeContainer, makeVolume, startContainer } from '../provider/containers.ts';
import { network } from '../provider/network.ts';
import { registry } from '../provider/registry.ts';
import { registryName } from '../registryName.ts';
import { addOns } from './addOns.ts';
import type { ClusterImages } from './images.ts';
import { ingressNamespace } from './ingress.ts';
import { inNode, kubectl } from './kubectl.ts';
import { everyNamePort, firstNode, nodeContainer, ownVolumes, sharedVolumes } from './node.ts';
import { type ClusterPlace, clusterAddresses, clusterPlace } from './place.ts';
import { startWorker } from './worker.ts';

type Log = (line: string) => void;

/** A cluster that runs on this computer */
export interface Cluster {
  /** Docker container of its first node */
  node: string;
  /** Docker network, and its address range */
  network: string;
  subnet: string;
  /** Address of that node, at which its ingress answers */
  address: string;
  /** The administrator's */
  kubeconfig: string;
}

/**
 * Starts a stack's cluster, or returns the one that runs. Call it in the project's folder, as the engine calls plugins.
 * @param nodes the second one has no control plane; where it is there, it stays
 * @throws where a cluster stands that was made from other images: only its owner may remove it, with its data
 */
export async function startCluster(place: Place, images: ClusterImages, log: Log, nodes: 1 | 2 = 1): Promise<Cluster> {
  const names = clusterPlace(place);
  const standing = await inspectContainer(names.node);
  if (standing) await resume(names, images, log);
  else await create(names, images, log);
  const subnet = await subnetOf(names.prefix, log);
  if (nodes === 2 || (await inspectContainer(names.worker))) await startWorker(names, images, subnet, log);
  const kubeconfig = await inNode(names.node, ['cat', '/etc/kubernetes/admin.conf'], log);
  return { node: names.node, network: names.prefix, subnet, address: clusterAddresses(subnet).node, kubeconfig };
}

async function resume({ node, registry, acme }: ClusterPlace, images: ClusterImages, log: Log): Promise<void> {
  const madeFrom = await inspected(node, '{{.Config.Image}}', log);
  if (madeFrom !== images.node) {
    throw new Error(
      `the cluster on this computer was made from ${madeFrom}, and this version of berth makes it from ${images.node}: remove it first, with its data (npx berth local --kubernetes --down)`,
    );
  }
  for (const name of [registry, acme, node]) await startContainer(name);
  await answering(node, log);
}

async function create(names: ClusterPlace, images: ClusterImages, log: Log): Promise<void> {
  log('starting the node');
  const subnet = await makeNetwork(names);
  const at = clusterAddresses(subnet);
  await makeNode(names, images, at.node);
  const placed = (what: 'registry' | 'acme', alias: string) => ({
    ...{ name: names[what], network: names.prefix, address: at[what], aliases: [alias], image: images[what] },
    running: true,
  });
  const [{ state }] = await Promise.all([
    acmeServer.create({ ...placed('acme', 'acme'), nameServer: `${at.node}:${everyNamePort}` }, names.context('acme')),
    registry.create(
      { ...placed('registry', registryName.replace(/:.*/, '')), data: images.registryData },
      names.context('registry'),
    ),
    answering(names.node, log),
  ]);
  log('installing its services');
  const acme = z.object({ directoryUrl: z.string(), caCertificate: z.string() }).parse(state);
  await kubectl(names.node, ['apply', '--filename=-'], log, addOns({ images, acme }));
  await Promise.all([
    kubectl(names.node, ['rollout', 'status', '--namespace=kube-system', '--timeout=150s', 'deployment'], log),
    kubectl(names.node, ['rollout', 'status', `--namespace=${ingressNamespace}`, '--timeout=150s', 'deployment'], log),
  ]);
}

async function makeNetwork(names: ClusterPlace): Promise<string> {
  const context = names.context('network');
  const checked = await network.check?.({ name: names.prefix }, undefined, context);
  const { state } = await network.create(checked?.inputs ?? {}, context);
  return String(state.subnet);
}

async function makeNode(names: ClusterPlace, { node: image, pause }: ClusterImages, address: string): Promise<void> {
  const owner = names.owner('node');
  const volumes = { ...ownVolumes(names.node), ...sharedVolumes(names.node) };
  for (const volume of Object.values(volumes)) await makeVolume(volume, owner);
  const inputs = { network: names.prefix, address, image, pause, volumes };
  await makeContainer(names.node, owner, nodeContainer(inputs));
  await startContainer(names.node);
}

/** Waits until a node's API answers and the node itself takes pods */
async function answering(node: string, log: Log): Promise<void> {
  const quiet = () => undefined;
  const ready = ['wait', '--for=condition=Ready', `node/${firstNode}`, '--timeout=60s'];
  for (const deadline = Date.now() + 120_000; ; ) {
    try {
      await kubectl(node, ['get', '--raw=/readyz'], quiet);
      await kubectl(node, ready, quiet);
      return;
    } catch (error) {
      if (Date.now() < deadline && !interrupted.aborted) {
        await sleep(500);
        continue;
      }
      await inNode(node, ['journalctl', '--no-pager', '--lines=60', '--unit=kube@*'], log).catch(quiet);
      throw error;
    }
  }
}

const inspected = async (name: string, format: string, log: Log): Promise<string> =>
  (await runDocker(['inspect', '--format', format, name], log)).trim();

async function subnetOf(name: string, log: Log): Promise<string> {
  const format = '{{(index .IPAM.Config 0).Subnet}}';
  return (await runDocker(['network', 'inspect', '--format', format, name], log)).trim();
}

const runDocker = (words: readonly string[], log: Log): Promise<string> =>
  runLogged('docker', words, { log, timeoutSeconds: 30 });
