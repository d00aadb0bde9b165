import type { DomainArgs } from '@pulumi/aws/opensearch/domain.js';
import type { DomainPolicyArgs } from '@pulumi/aws/opensearch/domainPolicy.js';
import { region } from './account.ts';
import { sound } from './identity.ts';
import { camel, kind, pascal, said, tagList, tagsOf } from './kind.ts';

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

export const domains = {
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
};

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
