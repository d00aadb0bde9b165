import * as pulumi from '@pulumi/pulumi';
import { nameFacts } from '../../render/cluster/facts.ts';
import { memberName } from '../../render/cluster/input.ts';
import { acmeFacts } from '../acme.ts';
import type { DeliveryRequest } from '../cloud.ts';
import { givenBucket, givenLogStream } from '../given/facts.ts';
import type { Fact } from '../makers.ts';
import { once } from '../once.ts';
import { tlsAuthority } from '../privateAuthority.ts';

export interface KnownFacts {
  facts: Readonly<Record<string, pulumi.Output<string>>>;
  secretFacts: readonly string[];
}

/** Returns what a blueprint may refer to: names in the cluster, given buckets and log streams, and own certificates */
export function factsOf(request: DeliveryRequest): KnownFacts {
  const { blueprint, environment } = request;
  const given = environment.clouds.kubernetes;
  const issue = once(() => tlsAuthority(request));
  const certificates = Object.entries(blueprint.roles).flatMap(([role, { certificate, count }]) =>
    certificate
      ? [
          under(
            `certificates.${role}`,
            issue()({
              role,
              names: [
                ...certificate.services,
                'localhost',
                ...Array.from({ length: count }, (_, n) => memberName(role, n)),
              ],
              addresses: ['127.0.0.1'],
            }),
          ),
        ]
      : [],
  );
  const made = [
    ...blueprint.buckets.map((bucket) => under(`buckets.${bucket.name}`, givenBucket(request, given, bucket))),
    ...blueprint.logStreams.map((stream) => under(`logStreams.${stream.name}`, givenLogStream(request, given, stream))),
    ...certificates,
    under('acme', acmeFacts(environment)),
  ].flat();
  return {
    facts: {
      ...Object.fromEntries(Object.entries(nameFacts(blueprint)).map(([path, name]) => [path, pulumi.output(name)])),
      ...Object.fromEntries(
        made.map(([path, { value, secret }]) => [path, secret ? pulumi.secret(value) : pulumi.output(value)]),
      ),
    },
    secretFacts: made.filter(([, { secret }]) => secret).map(([path]) => path),
  };
}

const under = (prefix: string, facts: Readonly<Record<string, Fact>>): readonly (readonly [string, Fact])[] =>
  Object.entries(facts).map(([name, fact]) => [`${prefix}.${name}`, fact]);
