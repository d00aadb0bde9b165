import type { LogStream, Bucket as WantedBucket } from '../../model/blueprint.ts';
import type { AcmeFacts, BucketFacts, LogStreamFacts } from '../../model/facts.ts';
import { repositoriesOf } from '../../model/repositories.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import { registryName } from './registryName.ts';
import { AcmeServer, Bucket, LogReceiver, Registry, Repository } from './resources.ts';
import type { Scope } from './scope.ts';

/** Creates the registry of service images */
export function makeRegistry({ request, settings, place, options }: Scope): void {
  new Registry(
    `${request.blueprint.system}-registry`,
    {
      ...place('registry', 2, settings.receivers.registry, [registryName.replace(/:.*/, '')]),
      data: settings.registryData,
    },
    options,
  );
}

/** Creates the stand-ins of git repositories that a system's processes are built from */
export function makeRepositories({ request, settings, place, options }: Scope): void {
  const { blueprint } = request;
  for (const [index, url] of repositoriesOf(blueprint).entries()) {
    const image = settings.repositories?.[url];
    if (image === undefined) continue;
    const { hostname, pathname } = new URL(url);
    new Repository(
      `${blueprint.system}-repository-${index}`,
      { ...place(`repository-${index}`, 14 - index, image, [hostname]), path: pathname.slice(1) },
      options,
    );
  }
}

/** Creates the certificate authority of a system's machines */
export function makeAcmeServer({ request, settings, place, options }: Scope): AcmeFacts<Fact> {
  const server = new AcmeServer(`${request.blueprint.system}-acme`, place('acme', 3, settings.receivers.acme), options);
  const authority = plainFact(server.caCertificate);
  return { directory: plainFact(server.directoryUrl), authority, roots: authority };
}

export function makeBucket({ request, settings, place, options }: Scope, { name }: WantedBucket): BucketFacts<Fact> {
  const { system, buckets } = request.blueprint;
  const offset = 4 + buckets.findIndex((bucket) => bucket.name === name);
  const { endpoint, region, bucket, accessKey, secretKey } = new Bucket(
    `${system}-${name}`,
    { ...place(`bucket-${name}`, offset, settings.receivers.objectStore), bucketName: `${system}-${name}` },
    options,
  );
  return {
    ...{ endpoint: plainFact(endpoint), region: plainFact(region), bucket: plainFact(bucket) },
    ...{ accessKey: secretFact(accessKey), secretKey: secretFact(secretKey) },
  };
}

/** Creates a log receiver with OpenSearch's API */
export function makeLogStream({ request, settings, place, options }: Scope, { name }: LogStream): LogStreamFacts<Fact> {
  const { system, logStreams } = request.blueprint;
  const offset = 10 + logStreams.findIndex((stream) => stream.name === name);
  const { scheme, host, port, username, password, token } = new LogReceiver(
    `${system}-${name}`,
    place(`logs-${name}`, offset, settings.receivers.logReceiver),
    options,
  );
  return {
    ...{ scheme: plainFact(scheme), host: plainFact(host), port: plainFact(port.apply((number) => `${number}`)) },
    ...{ username: plainFact(username), password: secretFact(password), token: secretFact(token) },
    ...{ opensearch: plainFact('true'), kafka: plainFact('false') },
  };
}
