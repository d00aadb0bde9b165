import { inspectContainer, makeContainer, makeVolume, startContainer } from '../provider/containers.ts';
import { docker } from '../provider/docker.ts';
import type { ClusterImages } from './images.ts';
import { inNode, kubectl } from './kubectl.ts';
import { nodeContainer, ownVolumes, sharedVolumes } from './node.ts';
import { type ClusterPlace, clusterAddresses } from './place.ts';

type Log = (line: string) => void;

/** Name of the second node in the cluster */
export const workerNode = 'worker';

/**
 * Starts the second node of a cluster whose first one runs, and waits until it takes pods
 * @param subnet of the cluster's network
 */
export async function startWorker(names: ClusterPlace, images: ClusterImages, subnet: string, log: Log): Promise<void> {
  log('starting the second node');
  if (!(await inspectContainer(names.worker))) await makeWorker(names, images, clusterAddresses(subnet).worker, log);
  await startContainer(names.worker);
  for (const state of ['create', 'condition=Ready'])
    await kubectl(names.node, ['wait', `--for=${state}`, `node/${workerNode}`, '--timeout=90s'], log);
}

async function makeWorker(
  { prefix, node, worker, owner }: ClusterPlace,
  { node: image, pause }: ClusterImages,
  address: string,
  log: Log,
): Promise<void> {
  // Its keys are made by the first node, which alone has the key of the authority
  const keys = await inNode(node, ['cluster-node', 'join', workerNode, address], () => undefined);
  const own = ownVolumes(worker);
  for (const volume of Object.values(own)) await makeVolume(volume, owner(workerNode));
  const volumes = { ...own, ...sharedVolumes(node) };
  const settings = nodeContainer({ network: prefix, address, image, pause, volumes, worker: workerNode });
  const id = await makeContainer(worker, owner(workerNode), settings);
  await docker('PUT', `/containers/${id}/archive`, { query: { path: '/' }, body: Buffer.from(keys, 'base64') });
  log('its keys are in place');
}
