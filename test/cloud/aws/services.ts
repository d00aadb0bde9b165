import type { ReplicationGroupArgs } from '@pulumi/aws/elasticache/replicationGroup.js';
import type { SubnetGroupArgs } from '@pulumi/aws/elasticache/subnetGroup.js';
import type { DomainArgs } from '@pulumi/aws/opensearch/domain.js';
import type { DomainPolicyArgs } from '@pulumi/aws/opensearch/domainPolicy.js';
import type { RecordArgs } from '@pulumi/aws/route53/record.js';
import type { ScheduleArgs } from '@pulumi/aws/scheduler/schedule.js';
import { type Account, region } from './account.ts';
import { sound } from './identity.ts';
import { camel, kind, only, pascal, said, type Tags, tagList, tagsOf } from './kind.ts';

type TagsThere = { Key: string; Value: string }[];

/** What the inputs and OpenSearch's API name differently */
const toDomain: Readonly<Record<string, string>> = {
  ...{ EbsEnabled: 'EBSEnabled', EnforceHttps: 'EnforceHTTPS', TlsSecurityPolicy: 'TLSSecurityPolicy' },
  ...{ SubnetIds: 'SubnetIds', InternalUserDatabaseEnabled: 'InternalUserDatabaseEnabled' },
};
const fromDomain = Object.fromEntries(Object.entries(toDomain).map(([ours, theirs]) => [theirs, ours]));

const renamed = (value: object, words: Readonly<Record<string, string>>): object =>
  Object.fromEntries(Object.entries(value).map(([key, inner]) => [words[key] ?? key, inner]));

const domainPart = (value: object): object => renamed(pascal(value) as object, toDomain);

/** What a part of a domain's inputs says, in the words of the inputs and no more than they say */
const partThere = (there: object | undefined, inputs: object): object =>
  said(camel(renamed(there ?? {}, fromDomain)), inputs);

async function cacheTags(aws: Account, ResourceName: string): Promise<Tags> {
  return tagsOf(
    (await aws.call<{ TagList: TagsThere }>('elasticache', 'ListTagsForResource', { ResourceName })).TagList,
  );
}

export const services = {
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
  'aws:elasticache/replicationGroup:ReplicationGroup': kind<ReplicationGroupArgs>({
    // How a later change is carried out
    own: ['applyImmediately', 'authTokenUpdateStrategy'],
    untold: ['engine', 'engineVersion', 'numCacheClusters', 'subnetGroupName', 'securityGroupIds'],
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
        ...{
          atRestEncryptionEnabled: there.AtRestEncryptionEnabled,
          transitEncryptionEnabled: there.TransitEncryptionEnabled,
        },
        ...(there.AuthTokenEnabled && { authToken: inputs.authToken }),
        tags: await cacheTags(aws, there.ARN),
      };
    },
  }),
  'aws:opensearch/domain:Domain': kind<DomainArgs>({
    async make(aws, inputs, tags) {
      const { masterUserOptions, ...security } = inputs.advancedSecurityOptions;
      const { DomainStatus } = await aws.call<{ DomainStatus: { ARN: string } }>('opensearch', 'CreateDomain', {
        ...{ DomainName: inputs.domainName, EngineVersion: inputs.engineVersion, TagList: tagList(tags) },
        ...{ ClusterConfig: domainPart(inputs.clusterConfig), EBSOptions: domainPart(inputs.ebsOptions) },
        ...{ VPCOptions: domainPart(inputs.vpcOptions), AdvancedOptions: inputs.advancedOptions },
        AdvancedSecurityOptions: { ...domainPart(security), MasterUserOptions: pascal(masterUserOptions) },
        EncryptionAtRestOptions: pascal(inputs.encryptAtRest),
        NodeToNodeEncryptionOptions: pascal(inputs.nodeToNodeEncryption),
        DomainEndpointOptions: domainPart(inputs.domainEndpointOptions),
      });
      return {
        id: DomainStatus.ARN,
        arn: DomainStatus.ARN,
        endpoint: `vpc-${inputs.domainName}.${region}.es.amazonaws.com`,
      };
    },
    async read(aws, id, inputs) {
      const { DomainStatus: there } = await aws.call<{ DomainStatus: ThereDomain }>('opensearch', 'DescribeDomain', {
        DomainName: inputs.domainName,
      });
      return {
        ...{ domainName: there.DomainName, engineVersion: there.EngineVersion },
        clusterConfig: partThere(there.ClusterConfig, inputs.clusterConfig),
        ebsOptions: partThere(there.EBSOptions, inputs.ebsOptions),
        vpcOptions: partThere(there.VPCOptions, inputs.vpcOptions),
        advancedOptions: partThere(there.AdvancedOptions, inputs.advancedOptions),
        // A domain never tells the password of its user
        advancedSecurityOptions: {
          ...partThere(there.AdvancedSecurityOptions, inputs.advancedSecurityOptions),
          masterUserOptions: inputs.advancedSecurityOptions.masterUserOptions,
        },
        encryptAtRest: partThere(there.EncryptionAtRestOptions, inputs.encryptAtRest),
        nodeToNodeEncryption: partThere(there.NodeToNodeEncryptionOptions, inputs.nodeToNodeEncryption),
        domainEndpointOptions: partThere(there.DomainEndpointOptions, inputs.domainEndpointOptions),
        tags: tagsOf((await aws.call<{ TagList: TagsThere }>('opensearch', 'ListTags', { ARN: id })).TagList),
      };
    },
  }),
  'aws:opensearch/domainPolicy:DomainPolicy': kind<DomainPolicyArgs>({
    async make(aws, { domainName, accessPolicies }) {
      const AccessPolicies = await sound(aws, String(accessPolicies));
      await aws.call('opensearch', 'UpdateDomainConfig', { DomainName: domainName, AccessPolicies });
      return { id: `esd-policy-${domainName}` };
    },
    async read(aws, _, { domainName }) {
      const { DomainConfig } = await aws.call<{ DomainConfig: { AccessPolicies: { Options: string } } }>(
        'opensearch',
        'DescribeDomainConfig',
        { DomainName: domainName },
      );
      return { domainName, accessPolicies: DomainConfig.AccessPolicies.Options };
    },
  }),
  'aws:route53/record:Record': kind<RecordArgs>({
    async make(aws, { zoneId, name, type, ttl, records, aliases }) {
      const [alias] = aliases ?? [];
      const target = alias && {
        ...{ DNSName: alias.name, HostedZoneId: alias.zoneId, EvaluateTargetHealth: alias.evaluateTargetHealth },
      };
      const values = { TTL: ttl, ResourceRecords: records?.map((Value) => ({ Value })) };
      const ResourceRecordSet = { Name: name, Type: type, ...(target ? { AliasTarget: target } : values) };
      await aws.call('route53', 'ChangeResourceRecordSets', {
        ...{ HostedZoneId: zoneId, ChangeBatch: { Changes: [{ Action: 'CREATE', ResourceRecordSet }] } },
      });
      return { id: `${zoneId}_${name}_${type}` };
    },
    async read(aws, _, { zoneId, name }) {
      const { ResourceRecordSets } = await aws.call<{ ResourceRecordSets: ThereRecord[] }>(
        'route53',
        'ListResourceRecordSets',
        { HostedZoneId: zoneId },
      );
      const own = ResourceRecordSets.filter(({ Name, Type }) => Name === `${name}.` && Type === 'A');
      const { Name, Type, TTL, ResourceRecords, AliasTarget: to } = only(own, name);
      return {
        ...{ zoneId, name: Name.replace(/\.$/, ''), type: Type },
        ...(to
          ? {
              aliases: [
                {
                  name: to.DNSName.replace(/\.$/, ''),
                  zoneId: to.HostedZoneId,
                  evaluateTargetHealth: to.EvaluateTargetHealth,
                },
              ],
            }
          : { ttl: TTL, records: ResourceRecords?.map(({ Value }) => Value) }),
      };
    },
  }),
  'aws:scheduler/schedule:Schedule': kind<ScheduleArgs>({
    async make(aws, inputs) {
      await aws.call('scheduler', 'CreateSchedule', pascal(inputs) as object);
      return { id: `default/${inputs.name}` };
    },
    async read(aws, _, { name, target }) {
      const there = camel(await aws.call('scheduler', 'GetSchedule', { Name: name })) as Record<string, object>;
      const { arn, roleArn, input } = there.target as Record<string, string>;
      const { description, scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow } = there;
      return {
        ...{ name: there.name, description, scheduleExpression, scheduleExpressionTimezone, flexibleTimeWindow },
        target: target && { arn, roleArn, input },
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
  NodeGroups: { PrimaryEndpoint: { Address: string; Port: number } }[];
  AtRestEncryptionEnabled: boolean;
  TransitEncryptionEnabled: boolean;
  AuthTokenEnabled: boolean;
}

interface ThereDomain {
  DomainName: string;
  EngineVersion: string;
  ClusterConfig?: object;
  EBSOptions?: object;
  VPCOptions?: object;
  AdvancedOptions?: object;
  AdvancedSecurityOptions?: object;
  EncryptionAtRestOptions?: object;
  NodeToNodeEncryptionOptions?: object;
  DomainEndpointOptions?: object;
}

interface ThereRecord {
  Name: string;
  Type: string;
  TTL?: number;
  ResourceRecords?: { Value: string }[];
  AliasTarget?: { DNSName: string; HostedZoneId: string; EvaluateTargetHealth: boolean };
}
