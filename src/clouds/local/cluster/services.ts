import { z } from 'zod';
import { secretNameOf } from '../../../model/names.ts';
import type { Place } from '../../../pulumi/place.ts';
import { unwrap } from '../../../pulumi/plugin.ts';
import { bucket } from '../provider/bucket.ts';
import { logReceiver } from '../provider/logReceiver.ts';
import { clusterAddresses, clusterPlace } from './place.ts';

/** Images of the servers in place of a cloud's services */
export interface ServiceImages {
  objectStore: string;
  logReceiver: string;
}

/** Buckets and log streams of a cluster's systems, as settings of an existing cluster give them, and their secrets */
export interface GivenServices {
  buckets: Record<string, { endpoint: string; region: string; bucket: string }>;
  logStreams: Record<string, { scheme: string; host: string; port: number }>;
  /** By name in `berth:secrets` */
  secrets: Record<string, string>;
}

/**
 * Starts a server beside a cluster for each bucket and log stream of these systems, with new keys and no data
 * @param subnet of the cluster's network
 * @param firstNumber of the servers, by which they have their addresses
 */
export async function startServices(
  place: Place,
  subnet: string,
  images: ServiceImages,
  systems: readonly { system: string; buckets: readonly Named[]; logStreams: readonly Named[] }[],
  firstNumber = 0,
): Promise<GivenServices> {
  const names = clusterPlace(place);
  const given: GivenServices = { buckets: {}, logStreams: {}, secrets: {} };
  let number = firstNumber;
  const placed = (what: string, image: string) => ({
    ...{ name: `${names.prefix}-${what}`, network: names.prefix, address: clusterAddresses(subnet).service(number++) },
    ...{ aliases: [], image, running: true },
  });
  for (const { system, buckets, logStreams } of systems) {
    for (const { name } of buckets) {
      const inputs = { ...placed(`bucket-${name}`, images.objectStore), bucketName: `${system}-${name}` };
      const { state } = await bucket.create(inputs, names.context(`bucket-${name}`));
      const { accessKey, secretKey, ...facts } = bucketState.parse(unwrap(state));
      given.buckets[name] = facts;
      given.secrets[`${system}/${secretNameOf(name, 'access-key')}`] = accessKey;
      given.secrets[`${system}/${secretNameOf(name, 'secret-key')}`] = secretKey;
    }
    for (const { name } of logStreams) {
      const inputs = placed(`logs-${name}`, images.logReceiver);
      const { state } = await logReceiver.create(inputs, names.context(`logs-${name}`));
      const { token, ...facts } = streamState.parse(unwrap(state));
      given.logStreams[name] = facts;
      given.secrets[`${system}/${secretNameOf(name, 'token')}`] = token;
    }
  }
  return given;
}

interface Named {
  name: string;
}

const text = z.string().min(1);
const bucketState = z.object({ endpoint: text, region: text, bucket: text, accessKey: text, secretKey: text });
const streamState = z.object({ scheme: text, host: text, port: z.number(), token: text });
