import { SecGroup } from '@pulumi/openstack/networking/secGroup.js';
import { SecGroupRule } from '@pulumi/openstack/networking/secGroupRule.js';
import type { ProvisionRequest } from '../cloud.ts';
import { groupRules } from './groupRules.ts';
import type { Scope } from './scope.ts';

/**
 * Creates a security group with its rules for each role, and returns a function that finds a group by role
 * @throws if a rule names a role that the system lacks: a defect of the system
 */
export function securityGroups({ blueprint, environment }: ProvisionRequest, scope: Scope): (role: string) => SecGroup {
  const { system, roles } = blueprint;
  const groups = Object.fromEntries(
    Object.keys(roles).map((role) => [
      role,
      new SecGroup(
        `${system}-${role}`,
        {
          name: scope.name([role]),
          description: `who may reach the machines of role ${role}`,
          deleteDefaultRules: true,
          tags: scope.tags(role),
        },
        scope.openstack,
      ),
    ]),
  );
  const groupOf = (role: string): SecGroup => {
    const group = groups[role];
    if (!group) throw new Error(`a rule of system ${system} names role ${role}, which is none of its roles`);
    return group;
  };
  // OpenStack rejects duplicates of a rule, so the old one is deleted first; a changed description must not replace a
  // rule
  const options = { ...scope.openstack, deleteBeforeReplace: true, ignoreChanges: ['description'] };
  for (const rule of groupRules(blueprint, environment.operators.networks)) {
    new SecGroupRule(
      `${system}-${rule.name}`,
      {
        securityGroupId: groupOf(rule.to).id,
        direction: 'ingress',
        ethertype: 'IPv4',
        protocol: rule.protocol,
        ...(rule.protocol !== 'vrrp' && { portRangeMin: rule.port, portRangeMax: rule.port }),
        // A remote group covers the addresses of all its ports, on the provider's network too, so that rules stay the
        // same when machines come and go
        ...('network' in rule.from
          ? { remoteIpPrefix: rule.from.network }
          : { remoteGroupId: groupOf(rule.from.role).id }),
        description: rule.why,
      },
      options,
    );
  }
  for (const role of Object.keys(roles)) {
    for (const [ethertype, remoteIpPrefix] of everywhere) {
      new SecGroupRule(
        `${system}-${role}-egress-${ethertype.toLowerCase()}`,
        {
          securityGroupId: groupOf(role).id,
          direction: 'egress',
          ethertype,
          remoteIpPrefix,
          description: 'packages, images, certificates, object storage and log streams have no fixed addresses',
        },
        options,
      );
    }
  }
  return groupOf;
}

const everywhere = [
  ['IPv4', '0.0.0.0/0'],
  ['IPv6', '::/0'],
] as const;
