import { ParameterGroup } from '@pulumi/aws/elasticache/parameterGroup.js';
import { ReplicationGroup } from '@pulumi/aws/elasticache/replicationGroup.js';
import { SubnetGroup } from '@pulumi/aws/elasticache/subnetGroup.js';
import { type Cache, redisPort } from '../../model/blueprint.ts';
import type { Eviction } from '../../model/eviction.ts';
import type { CacheFacts } from '../../model/facts.ts';
import { guarded } from '../keep.ts';
import { type Fact, plainFact } from '../makers.ts';
import { groupOf } from './groups.ts';
import { acceptedSecret, cacheToken } from './secret.ts';
import type { Shared } from './shared.ts';

/** ElastiCache's successor of Redis, with the same protocol and commands */
const engine = { engine: 'valkey', engineVersion: '8.0' };
const family = 'valkey8';

/** What ElastiCache removes by default when a cache is full */
const ownEviction = 'volatile-lru';

/** Days for which the daily snapshots of a persistent cache are kept */
const snapshotDays = 7;

/**
 * Creates a cache with as many nodes as its role would have machines, and one more that takes over where it asks for one. A password turns TLS on, since ElastiCache
 * accepts one only over TLS; without a password there is no TLS.
 */
export function makeCache(scope: Shared, cache: Cache): CacheFacts<Fact> {
  const { network, groups } = scope;
  const { name, password, acceptFormerPassword, eviction = ownEviction, persistent, failover, inItsPlace } = cache;
  const logical = `${scope.system}-${name}`;
  const tags = scope.tags(logical);
  const nodes = failover ? 2 : inItsPlace.count;
  const subnets = new SubnetGroup(
    logical,
    {
      name: scope.named(255, name),
      description: `cache ${name} of ${scope.system}`,
      subnetIds: network.subnets.map(({ id }) => id),
      tags,
    },
    scope.options,
  );
  const group = new ReplicationGroup(
    logical,
    {
      replicationGroupId: scope.named(40, name),
      description: `cache ${name} of ${scope.system}`,
      ...engine,
      ...(inItsPlace.size !== undefined && { nodeType: inItsPlace.size }),
      numCacheClusters: nodes,
      automaticFailoverEnabled: nodes > 1,
      multiAzEnabled: nodes > 1,
      port: redisPort,
      subnetGroupName: subnets.name,
      securityGroupIds: [groupOf(groups, name).id],
      atRestEncryptionEnabled: true,
      transitEncryptionEnabled: password !== undefined,
      ...(password !== undefined && {
        authToken: acceptedSecret(scope, password, cacheToken),
        // ROTATE adds the password to the accepted ones, SET removes all others
        authTokenUpdateStrategy: acceptFormerPassword ? 'ROTATE' : 'SET',
      }),
      ...(eviction !== ownEviction && { parameterGroupName: evicting(scope, cache, eviction).name }),
      ...(persistent && { snapshotRetentionLimit: snapshotDays }),
      applyImmediately: true,
      tags,
    },
    { ...scope.options, ...guarded(scope.request), dependsOn: [...network.ready] },
  );
  return {
    scheme: plainFact(password === undefined ? 'redis' : 'rediss'),
    host: plainFact(group.primaryEndpointAddress),
    port: plainFact(`${redisPort}`),
    // Amazon's own authority is one that clients know
    authority: plainFact(''),
    // Its host name leads to the node that is the primary one
    sentinels: plainFact(''),
  };
}

/** Creates the cache's own parameters, which say what it removes when it is full */
const evicting = (scope: Shared, { name }: Cache, eviction: Eviction): ParameterGroup =>
  new ParameterGroup(
    `${scope.system}-${name}`,
    {
      name: scope.named(255, name),
      description: `cache ${name} of ${scope.system}`,
      family,
      parameters: [{ name: 'maxmemory-policy', value: eviction }],
      tags: scope.tags(`${scope.system}-${name}`),
    },
    scope.options,
  );
