import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { SecurityGroupEgressRule } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import type { Network } from './network.ts';
import { type Ingress, ingressOf } from './rules.ts';
import type { Scope } from './scope.ts';

/** Security groups by the name of their role, cache or balancer */
export type Groups = ReadonlyMap<string, SecurityGroup>;

/** Creates a security group for each role, cache and balancer, and each rule as a resource of its own */
export function makeGroups(scope: Scope, network: Network): Groups {
  const { roles, caches, balancers, rules } = scope.request.blueprint;
  const groups = new Map([
    ...Object.keys(roles).map(
      (role) => [role, makeGroup(scope, network, role, `machines of role ${role}`, role)] as const,
    ),
    ...caches.map(({ name }) => [name, makeGroup(scope, network, name, `cache ${name}`)] as const),
    ...balancers.map(({ name }) => [name, makeGroup(scope, network, name, `balancer ${name}`)] as const),
  ]);
  for (const ingress of ingressOf(rules, scope.request.environment.operators)) letIn(scope, groups, ingress);
  for (const role of Object.keys(roles)) letOut(scope, role, groupOf(groups, role));
  for (const { name, role, port } of balancers) {
    new SecurityGroupEgressRule(
      `${scope.system}-${name}-to-${role}`,
      {
        securityGroupId: groupOf(groups, name).id,
        referencedSecurityGroupId: groupOf(groups, role).id,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: `balancer ${name} calls the machines that answer`,
      },
      scope.options,
    );
  }
  return groups;
}

/** Creates a security group without rules */
export const makeGroup = (scope: Scope, { vpc }: Network, name: string, what: string, role?: string): SecurityGroup =>
  new SecurityGroup(
    `${scope.system}-${name}`,
    {
      name: scope.named(255, name),
      description: `${what} of ${scope.system}`,
      vpcId: vpc.id,
      // Groups refer to each other in their rules; without this none could be deleted first
      revokeRulesOnDelete: true,
      tags: scope.tags(`${scope.system}-${name}`, role),
    },
    scope.options,
  );

/** @throws if a rule names a role, cache or balancer that the system lacks: a defect of the system */
export function groupOf(groups: Groups, name: string): SecurityGroup {
  const group = groups.get(name);
  if (!group) throw new Error(`a rule names ${name}; the system has ${[...groups.keys()].join(', ')}`);
  return group;
}

/** Adds an ingress rule to a group */
export function letIn(scope: Scope, groups: Groups, { name, to, from, port, protocol, why }: Ingress): void {
  new SecurityGroupIngressRule(
    `${scope.system}-${name}`,
    {
      securityGroupId: groupOf(groups, to).id,
      ...('network' in from
        ? { cidrIpv4: from.network }
        : { referencedSecurityGroupId: groupOf(groups, from.role).id }),
      ipProtocol: protocol,
      fromPort: port,
      toPort: port,
      description: why,
    },
    scope.options,
  );
}

function letOut(scope: Scope, role: string, group: SecurityGroup): void {
  new SecurityGroupEgressRule(
    `${scope.system}-${role}`,
    {
      securityGroupId: group.id,
      cidrIpv4: '0.0.0.0/0',
      ipProtocol: '-1',
      description: 'packages, images, certificates and services come from hosts that change their addresses',
    },
    scope.options,
  );
}
