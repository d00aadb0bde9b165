import type { Bucket, LogStream } from '../../model/blueprint.ts';
import type { BucketFacts, LogStreamFacts } from '../../model/facts.ts';
import { secretNameOf } from '../../model/names.ts';
import type { ProvisionRequest } from '../cloud.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import type { GivenServices } from './settings.ts';

/** Returns the facts of a bucket that the environment file names, with its keys from the system's secrets */
export function givenBucket(
  request: Asked,
  settings: Partial<GivenServices> | undefined,
  { name }: Bucket,
): BucketFacts<Fact> {
  const { endpoint, region, bucket } = given(settings?.buckets?.[name], `bucket ${name}`, request);
  return {
    ...{ endpoint: plainFact(endpoint), region: plainFact(region), bucket: plainFact(bucket) },
    accessKey: secretOf(request, name, 'access-key'),
    secretKey: secretOf(request, name, 'secret-key'),
  };
}

/** Returns the facts of a log stream that the environment file names, with its password or token */
export function givenLogStream(
  request: Asked,
  settings: Partial<GivenServices> | undefined,
  { name }: LogStream,
): LogStreamFacts<Fact> {
  const stream = given(settings?.logStreams?.[name], `log stream ${name}`, request);
  const { scheme, host, port, username } = stream;
  return {
    ...{ scheme: plainFact(scheme), host: plainFact(host), port: plainFact(`${port}`) },
    ...{ opensearch: plainFact('true'), kafka: plainFact('false'), username: plainFact(username ?? '') },
    ...(username === undefined
      ? { password: plainFact(''), token: secretOf(request, name, 'token') }
      : { password: secretOf(request, name, 'password'), token: plainFact('') }),
  };
}

type Asked = Pick<ProvisionRequest, 'blueprint' | 'secrets'>;

const secretOf = (request: Asked, part: string, what: string): Fact =>
  secretFact(given(request.secrets[secretNameOf(part, what)], `secret of ${part}`, request));

function given<T>(value: T | undefined, what: string, { blueprint: { system } }: Asked): T {
  if (value === undefined) throw new Error(`system ${system} has no ${what}, which the config checks`);
  return value;
}
