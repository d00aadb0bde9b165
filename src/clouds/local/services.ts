import * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import type { LocalSettings } from './prepared.ts';
import { AcmeServer, Bucket, LogReceiver, Registry } from './resources.ts';
import type { Site } from './site.ts';

/** The registry's name on every machine; it speaks plain HTTP */
export const registryName = 'registry.berth.test:5000';

/** The registry, the certificate authority, the buckets and the log streams: containers too, each the real thing */
export function cloudServices({ blueprint }: ProvisionRequest, site: Site, settings: LocalSettings) {
  const { system, buckets, logStreams } = blueprint;
  const { receivers } = settings;
  new Registry(
    `${system}-registry`,
    {
      ...site.place('registry', 2, receivers.registry, [registryName.replace(/:.*/, '')]),
      data: settings.registryData,
    },
    site.options,
  );
  const acme = new AcmeServer(`${system}-acme`, site.place('acme', 3, receivers.acme), site.options);
  const facts: Record<string, pulumi.Output<string>> = {
    'acme.directory': acme.directoryUrl,
    'acme.authority': acme.caCertificate,
    'acme.roots': acme.caCertificate,
  };
  const secretFacts: string[] = [];
  buckets.forEach(({ name }, index) => {
    const place = site.place(`bucket-${name}`, 4 + index, receivers.objectStore);
    const bucket = new Bucket(`${system}-${name}`, { ...place, bucketName: `${system}-${name}` }, site.options);
    const { endpoint, region, accessKey, secretKey } = bucket;
    Object.assign(
      facts,
      prefixed(`buckets.${name}`, { endpoint, region, bucket: bucket.bucket, accessKey, secretKey }),
    );
    secretFacts.push(`buckets.${name}.accessKey`, `buckets.${name}.secretKey`);
  });
  logStreams.forEach(({ name }, index) => {
    const receiver = new LogReceiver(
      `${system}-${name}`,
      site.place(`logs-${name}`, 10 + index, receivers.logReceiver),
      site.options,
    );
    const { scheme, host, username, password, token } = receiver;
    const port = receiver.port.apply((number) => `${number}`);
    Object.assign(
      facts,
      prefixed(`logStreams.${name}`, { scheme, host, port, username, password, token, ...protocol }),
    );
    secretFacts.push(`logStreams.${name}.password`, `logStreams.${name}.token`);
  });
  return { facts, secretFacts };
}

/** Of the receiver: OpenSearch's API */
const protocol = { opensearch: pulumi.output('true'), kafka: pulumi.output('false') };

const prefixed = <T>(prefix: string, values: Record<string, T>): Record<string, T> =>
  Object.fromEntries(Object.entries(values).map(([name, value]) => [`${prefix}.${name}`, value]));
