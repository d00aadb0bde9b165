import { ReplicationGroup } from '@pulumi/aws/elasticache/replicationGroup.js';
import { SubnetGroup } from '@pulumi/aws/elasticache/subnetGroup.js';
import { type Cache, redisPort } from '../../model/blueprint.ts';
import type { CacheFacts } from '../../model/facts.ts';
import { guarded } from '../keep.ts';
import { type Fact, plain } from '../makers.ts';
import { groupOf } from './groups.ts';
import { acceptedSecret, cacheToken } from './secret.ts';
import type { Shared } from './shared.ts';

/** What Redis became at AWS: the same protocol and the same commands */
const engine = { engine: 'valkey', engineVersion: '8.0' };

/** A cache of as many nodes as its role would have machines; with a password it speaks TLS, without one it can't */
export function makeCache(site: Shared, cache: Cache): CacheFacts<Fact> {
  const { network, groups } = site;
  const { name, password, acceptFormerPassword, inItsPlace } = cache;
  const logical = `${site.system}-${name}`;
  const tags = site.tags(logical);
  const nodes = inItsPlace.count;
  const subnets = new SubnetGroup(
    logical,
    {
      name: site.named(255, name),
      description: `cache ${name} of ${site.system}`,
      subnetIds: network.subnets.map(({ id }) => id),
      tags,
    },
    site.options,
  );
  const group = new ReplicationGroup(
    logical,
    {
      replicationGroupId: site.named(40, name),
      description: `cache ${name} of ${site.system}`,
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
        authToken: acceptedSecret(site, password, cacheToken),
        // Rotating adds a password to those that are accepted, setting removes all others
        authTokenUpdateStrategy: acceptFormerPassword ? 'ROTATE' : 'SET',
      }),
      applyImmediately: true,
      tags,
    },
    { ...site.options, ...guarded(site.request), dependsOn: [...network.ready] },
  );
  return {
    scheme: plain(password === undefined ? 'redis' : 'rediss'),
    host: plain(group.primaryEndpointAddress),
    port: plain(`${redisPort}`),
  };
}
