import { get } from 'node:https';
import { join } from 'node:path';
import { everyImage } from '../../src/cli/local/wanted.ts';
import { planCluster } from '../../src/clouds/local/cluster/images.ts';
import { kubectl as inCluster } from '../../src/clouds/local/cluster/kubectl.ts';
import { clusterAddresses } from '../../src/clouds/local/cluster/place.ts';
import { clusterImages } from '../../src/clouds/local/cluster/recipes.ts';
import { type Cluster, startCluster } from '../../src/clouds/local/cluster/start.ts';
import { planImages } from '../../src/clouds/local/images/plan.ts';
import { withLock } from '../../src/process/lock.ts';
import type { Place } from '../../src/pulumi/place.ts';
import { stdoutOf } from '../e2e/stack.ts';

export interface TestCluster extends Cluster {
  place: Place;
  /** What starting it took, where this file was the first */
  seconds: number;
  /** Images of systems and parts, by production image, as the cluster pulls them */
  images: Readonly<Record<string, string>>;
  /** One of them that has Python */
  pageImage: string;
  /** Runs kubectl as the cluster's administrator */
  kubectl(...words: string[]): Promise<string>;
  /** Applies manifests */
  apply(...manifests: object[]): Promise<string>;
}

const log: string[] = [];
const note = (line: string) => void log.push(line);

/** Starts a cluster, or waits for who does */
export async function startedCluster(place: Place): Promise<TestCluster> {
  const { prepared } = await planCluster();
  const began = performance.now();
  const cluster = await withLock(join(place.folder, `${place.stack}.lock`), note, () =>
    startCluster(place, prepared(), note, 2),
  ).catch((error: Error) => {
    throw new Error(`${error.message}\n${log.slice(-80).join('\n')}`);
  });
  const seconds = (performance.now() - began) / 1000;
  const { images: own } = (await planImages(everyImage)).prepared();
  const images: Record<string, string> = {
    ...own,
    [clusterImages.kubectl.production]: prepared().kubectl,
    [clusterImages.tools.production]: prepared().tools,
  };
  const list = (items: object[]) => JSON.stringify({ apiVersion: 'v1', kind: 'List', items });
  return {
    ...cluster,
    place,
    images,
    pageImage: images['ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0'] ?? '',
    seconds,
    kubectl: (...words) => inCluster(cluster.node, words, note),
    apply: (...items) => inCluster(cluster.node, ['apply', '--filename=-'], note, list(items)),
  };
}

/** Asks the cluster's ingress for a page of a public name, as a browser that trusts the local authority alone */
export async function askedByName(cluster: TestCluster, host: string, path: string): Promise<string> {
  const ca = await roots(cluster);
  return new Promise((resolve, reject) => {
    const options = { host: cluster.address, servername: host, path, ca, agent: false, timeout: 5000 } as const;
    const asked = get({ ...options, headers: { host } }, (response) => {
      let text = '';
      response.on('data', (data: Buffer) => (text += data.toString())).on('end', () => resolve(text));
    });
    asked.on('timeout', () => asked.destroy(new Error('no answer within 5 s'))).on('error', reject);
  });
}

/** Returns the root of the certificates of the cluster's public names */
export const roots = ({ subnet }: Cluster): Promise<string> =>
  stdoutOf('curl', ['--silent', '--insecure', `https://${clusterAddresses(subnet).acme}:15000/roots/0`]);
