import type { ParameterGroupArgs } from '@pulumi/aws/elasticache/parameterGroup.js';
import type { ReplicationGroupArgs } from '@pulumi/aws/elasticache/replicationGroup.js';
import type { SubnetGroupArgs } from '@pulumi/aws/elasticache/subnetGroup.js';
import type { Account } from './account.ts';
import { kind, only, type Tags, tagList, tagsOf } from './kind.ts';

type TagsThere = { Key: string; Value: string }[];

async function cacheTags(aws: Account, ResourceName: string): Promise<Tags> {
  return tagsOf(
    (await aws.call<{ TagList: TagsThere }>('elasticache', 'ListTagsForResource', { ResourceName })).TagList,
  );
}

export const caches = {
  'aws:elasticache/subnetGroup:SubnetGroup': kind<SubnetGroupArgs>({
    async make(aws, { name, description, subnetIds }, tags) {
      await aws.call('elasticache', 'CreateCacheSubnetGroup', {
        ...{ CacheSubnetGroupName: name, CacheSubnetGroupDescription: description, SubnetIds: subnetIds },
        Tags: tagList(tags),
      });
      return { id: name, name };
    },
    async read(aws, id) {
      const { CacheSubnetGroups } = await aws.call<{
        CacheSubnetGroups: {
          ARN: string;
          CacheSubnetGroupName: string;
          CacheSubnetGroupDescription: string;
          Subnets: { SubnetIdentifier: string }[];
        }[];
      }>('elasticache', 'DescribeCacheSubnetGroups', { CacheSubnetGroupName: id });
      const there = only(CacheSubnetGroups, id);
      return {
        ...{ name: there.CacheSubnetGroupName, description: there.CacheSubnetGroupDescription },
        subnetIds: there.Subnets.map(({ SubnetIdentifier }) => SubnetIdentifier),
        tags: await cacheTags(aws, there.ARN),
      };
    },
  }),
  'aws:elasticache/parameterGroup:ParameterGroup': kind<ParameterGroupArgs>({
    // moto has none of them
    untold: ['name', 'description', 'family', 'parameters', 'tags'],
    async make(aws, { name, description, family, parameters }, tags) {
      await aws.call('elasticache', 'CreateCacheParameterGroup', {
        ...{ CacheParameterGroupName: name, CacheParameterGroupFamily: family, Description: description },
        Tags: tagList(tags),
      });
      await aws.call('elasticache', 'ModifyCacheParameterGroup', {
        CacheParameterGroupName: name,
        ParameterNameValues: parameters.map(({ name, value }) => ({ ParameterName: name, ParameterValue: value })),
      });
      return { id: name, name };
    },
    read: async () => ({}),
  }),
  'aws:elasticache/replicationGroup:ReplicationGroup': kind<ReplicationGroupArgs>({
    // How a later change is carried out
    own: ['applyImmediately', 'authTokenUpdateStrategy'],
    untold: [
      'engine',
      'engineVersion',
      'parameterGroupName',
      'numCacheClusters',
      'subnetGroupName',
      'securityGroupIds',
    ],
    async make(aws, inputs, tags) {
      const { ReplicationGroup } = await aws.call<{
        ReplicationGroup: { NodeGroups: { PrimaryEndpoint: { Address: string } }[] };
      }>('elasticache', 'CreateReplicationGroup', {
        ...{ ReplicationGroupId: inputs.replicationGroupId, ReplicationGroupDescription: inputs.description },
        ...{ Engine: inputs.engine, EngineVersion: inputs.engineVersion, CacheNodeType: inputs.nodeType },
        ...{ NumCacheClusters: inputs.numCacheClusters, AutomaticFailoverEnabled: inputs.automaticFailoverEnabled },
        ...{ MultiAZEnabled: inputs.multiAzEnabled, Port: inputs.port, CacheSubnetGroupName: inputs.subnetGroupName },
        ...{ SecurityGroupIds: inputs.securityGroupIds, AtRestEncryptionEnabled: inputs.atRestEncryptionEnabled },
        TransitEncryptionEnabled: inputs.transitEncryptionEnabled,
        ...(inputs.snapshotRetentionLimit !== undefined && { SnapshotRetentionLimit: inputs.snapshotRetentionLimit }),
        ...(inputs.parameterGroupName !== undefined && { CacheParameterGroupName: inputs.parameterGroupName }),
        ...(inputs.authToken !== undefined && { AuthToken: inputs.authToken }),
        Tags: tagList(tags),
      });
      const [group] = ReplicationGroup.NodeGroups;
      return { id: inputs.replicationGroupId, primaryEndpointAddress: group?.PrimaryEndpoint.Address };
    },
    async read(aws, id, inputs) {
      const { ReplicationGroups } = await aws.call<{ ReplicationGroups: ThereCache[] }>(
        'elasticache',
        'DescribeReplicationGroups',
        { ReplicationGroupId: id },
      );
      const there = only(ReplicationGroups, id);
      return {
        ...{ replicationGroupId: there.ReplicationGroupId, description: there.Description },
        ...{ nodeType: there.CacheNodeType },
        automaticFailoverEnabled: there.AutomaticFailover === 'enabled',
        multiAzEnabled: there.MultiAZ === 'enabled',
        port: there.NodeGroups[0]?.PrimaryEndpoint.Port,
        ...(there.SnapshotRetentionLimit > 0 && { snapshotRetentionLimit: there.SnapshotRetentionLimit }),
        ...{
          atRestEncryptionEnabled: there.AtRestEncryptionEnabled,
          transitEncryptionEnabled: there.TransitEncryptionEnabled,
        },
        ...(there.AuthTokenEnabled && { authToken: inputs.authToken }),
        tags: await cacheTags(aws, there.ARN),
      };
    },
  }),
};

interface ThereCache {
  ARN: string;
  ReplicationGroupId: string;
  Description: string;
  CacheNodeType: string;
  AutomaticFailover: string;
  MultiAZ: string;
  SnapshotRetentionLimit: number;
  NodeGroups: { PrimaryEndpoint: { Address: string; Port: number } }[];
  AtRestEncryptionEnabled: boolean;
  TransitEncryptionEnabled: boolean;
  AuthTokenEnabled: boolean;
}
