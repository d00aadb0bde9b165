import { SecurityGroup } from '@pulumi/aws/ec2/securityGroup.js';
import { SecurityGroupEgressRule } from '@pulumi/aws/vpc/securityGroupEgressRule.js';
import { SecurityGroupIngressRule } from '@pulumi/aws/vpc/securityGroupIngressRule.js';
import type { Network } from './network.ts';
import { type Ingress, ingressOf } from './rules.ts';
import type { Site } from './site.ts';

/** Security groups by the name of their role, cache or balancer */
export type Groups = ReadonlyMap<string, SecurityGroup>;

/** Creates a security group for each role, cache and balancer, and each rule as a resource of its own */
export function makeGroups(site: Site, network: Network): Groups {
  const { roles, caches, balancers, rules } = site.request.blueprint;
  const groups = new Map([
    ...Object.keys(roles).map(
      (role) => [role, makeGroup(site, network, role, `machines of role ${role}`, role)] as const,
    ),
    ...caches.map(({ name }) => [name, makeGroup(site, network, name, `cache ${name}`)] as const),
    ...balancers.map(({ name }) => [name, makeGroup(site, network, name, `balancer ${name}`)] as const),
  ]);
  for (const ingress of ingressOf(rules, site.request.environment.operators)) letIn(site, groups, ingress);
  for (const role of Object.keys(roles)) letOut(site, role, groupOf(groups, role));
  for (const { name, role, port } of balancers) {
    new SecurityGroupEgressRule(
      `${site.system}-${name}-to-${role}`,
      {
        securityGroupId: groupOf(groups, name).id,
        referencedSecurityGroupId: groupOf(groups, role).id,
        ipProtocol: 'tcp',
        fromPort: port,
        toPort: port,
        description: `balancer ${name} calls the machines that answer`,
      },
      site.options,
    );
  }
  return groups;
}

/** Creates a security group without rules */
export const makeGroup = (site: Site, { vpc }: Network, name: string, what: string, role?: string): SecurityGroup =>
  new SecurityGroup(
    `${site.system}-${name}`,
    {
      name: site.named(255, name),
      description: `${what} of ${site.system}`,
      vpcId: vpc.id,
      // Groups refer to each other in their rules; without this none could be deleted first
      revokeRulesOnDelete: true,
      tags: site.tags(`${site.system}-${name}`, role),
    },
    site.options,
  );

/** @throws if a rule names a role, cache or balancer that the system lacks: a defect of the system */
export function groupOf(groups: Groups, name: string): SecurityGroup {
  const group = groups.get(name);
  if (!group) throw new Error(`a rule names ${name}; the system has ${[...groups.keys()].join(', ')}`);
  return group;
}

/** Adds an ingress rule to a group */
export function letIn(site: Site, groups: Groups, { name, to, from, port, protocol, why }: Ingress): void {
  new SecurityGroupIngressRule(
    `${site.system}-${name}`,
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
    site.options,
  );
}

function letOut(site: Site, role: string, group: SecurityGroup): void {
  new SecurityGroupEgressRule(
    `${site.system}-${role}`,
    {
      securityGroupId: group.id,
      cidrIpv4: '0.0.0.0/0',
      ipProtocol: '-1',
      description: 'packages, images, certificates and services come from hosts that change their addresses',
    },
    site.options,
  );
}
