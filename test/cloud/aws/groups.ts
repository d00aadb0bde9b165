import type { SecurityGroupArgs } from '@pulumi/aws/ec2/securityGroup.js';
import type { SecurityGroupEgressRuleArgs } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import type { SecurityGroupIngressRuleArgs } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import type { Account } from './account.ts';
import { kind, only, type Tags, tagged, tagsOf } from './kind.ts';

/** A rule of a group, as EC2 tells it */
export interface ThereRule {
  SecurityGroupRuleId: string;
  GroupId: string;
  IsEgress: boolean;
  IpProtocol: string;
  FromPort: number;
  ToPort: number;
  CidrIpv4?: string;
  ReferencedGroupInfo?: { GroupId: string };
  Description?: string;
  Tags: { Key: string; Value: string }[];
}

/** Every rule of a group */
export async function rulesOf(aws: Account, group: string): Promise<readonly ThereRule[]> {
  const Filters = [{ Name: 'group-id', Values: [group] }];
  return (await aws.call<{ SecurityGroupRules: ThereRule[] }>('ec2', 'DescribeSecurityGroupRules', { Filters }))
    .SecurityGroupRules;
}

const one = (direction: 'Ingress' | 'Egress') =>
  kind<SecurityGroupIngressRuleArgs & SecurityGroupEgressRuleArgs>({
    // moto tells it of rules for a network alone
    untold: ['description'],
    async make(aws, inputs, tags: Tags) {
      const { cidrIpv4, referencedSecurityGroupId: group, description, ipProtocol } = inputs;
      const answer = await aws.call<{ SecurityGroupRules: ThereRule[] }>('ec2', `AuthorizeSecurityGroup${direction}`, {
        GroupId: inputs.securityGroupId,
        IpPermissions: [
          {
            IpProtocol: ipProtocol,
            ...(ipProtocol !== '-1' && { FromPort: inputs.fromPort, ToPort: inputs.toPort }),
            ...(group
              ? { UserIdGroupPairs: [{ GroupId: group, Description: description }] }
              : { IpRanges: [{ CidrIp: cidrIpv4, Description: description }] }),
          },
        ],
        TagSpecifications: tagged('security-group-rule', tags),
      });
      return { id: only(answer.SecurityGroupRules, 'rule').SecurityGroupRuleId };
    },
    async read(aws, id, { securityGroupId }) {
      const rules = (await rulesOf(aws, securityGroupId)).filter(
        ({ SecurityGroupRuleId }) => SecurityGroupRuleId === id,
      );
      const { GroupId, IpProtocol, CidrIpv4, ReferencedGroupInfo, ...rule } = only(rules, `rule ${id}`);
      if (rule.IsEgress !== (direction === 'Egress')) throw new Error(`${id} is a rule of the other direction`);
      return {
        ...{ securityGroupId: GroupId, ipProtocol: IpProtocol, description: rule.Description },
        ...(IpProtocol !== '-1' && { fromPort: rule.FromPort, toPort: rule.ToPort }),
        ...(CidrIpv4 && { cidrIpv4: CidrIpv4 }),
        ...(ReferencedGroupInfo && { referencedSecurityGroupId: ReferencedGroupInfo.GroupId }),
        tags: tagsOf(rule.Tags),
      };
    },
  });

export const groups = {
  'aws:ec2/securityGroup:SecurityGroup': kind<SecurityGroupArgs>({
    own: ['revokeRulesOnDelete'],
    async make(aws, { name, description, vpcId }, tags) {
      const { GroupId } = await aws.call<{ GroupId: string }>('ec2', 'CreateSecurityGroup', {
        ...{ GroupName: name, Description: description, VpcId: vpcId },
        TagSpecifications: tagged('security-group', tags),
      });
      // The provider removes the rule that AWS gives a new group
      await aws.call('ec2', 'RevokeSecurityGroupEgress', {
        GroupId,
        IpPermissions: [{ IpProtocol: '-1', IpRanges: [{ CidrIp: '0.0.0.0/0' }] }],
      });
      return { id: GroupId };
    },
    async read(aws, id) {
      const { SecurityGroups } = await aws.call<{
        SecurityGroups: { GroupName: string; Description: string; VpcId: string; Tags: ThereRule['Tags'] }[];
      }>('ec2', 'DescribeSecurityGroups', { GroupIds: [id] });
      const { GroupName, Description, VpcId, Tags } = only(SecurityGroups, id);
      return { name: GroupName, description: Description, vpcId: VpcId, tags: tagsOf(Tags) };
    },
  }),
  'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule': one('Ingress'),
  'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule': one('Egress'),
};
