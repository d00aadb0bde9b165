import type { input } from '@pulumi/azure-native/types/index.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Rule } from '../../model/blueprint.ts';
import { limitedName } from '../../model/names.ts';
import { type Caller, networksOf, type Opening, openings } from '../../model/openings.ts';
import { shortHash } from '../../render/hash.ts';

type SecurityRule = input.network.SecurityRuleArgs;

/** Limits of Azure: the lowest priority (highest number) of a rule, and the length of a description in characters */
const limits = { lastPriority: 4096, description: 140 };
const firstPriority = 100;

/**
 * Returns a system's rules as inline rules of a network security group, and a last one that denies everything else:
 * Azure's default rules let machines of a network reach each other on every port
 * @param groups ids of the application security groups by role
 */
export function securityRules(
  rules: readonly Rule[],
  operators: readonly string[],
  groups: Readonly<Record<string, pulumi.Input<string>>>,
): SecurityRule[] {
  const named = openings(rules, operators).map((opening) => ({ ...opening, name: ruleName(opening) }));
  const priorities = prioritiesOf(named.map(({ name }) => name));
  const allowed = named.map((rule) => ({
    name: rule.name,
    priority: priorities[rule.name] ?? 0,
    direction: 'Inbound',
    access: 'Allow',
    description: rule.why.slice(0, limits.description),
    protocol: rule.protocol === 'tcp' ? 'Tcp' : 'Udp',
    ...source(rule.from, groups),
    sourcePortRange: '*',
    destinationApplicationSecurityGroups: [{ id: groupOf(rule.to, groups) }],
    destinationPortRange: `${rule.port}`,
  }));
  return [...allowed, denied];
}

const denied: SecurityRule = {
  name: 'no-other',
  priority: limits.lastPriority,
  direction: 'Inbound',
  access: 'Deny',
  description: 'what no rule names is closed, between the machines of the network too',
  protocol: '*',
  sourceAddressPrefix: '*',
  sourcePortRange: '*',
  destinationAddressPrefix: '*',
  destinationPortRange: '*',
};

/** Names a rule after its source, target, protocol and port, so that changing its order or reason does not rename it */
const ruleName = ({ from, to, port, protocol }: Opening): string =>
  limitedName([...wordsFor(from), 'to', to, protocol, `${port}`], { length: 80 });

function wordsFor(from: Caller): readonly string[] {
  if (from.kind === 'role') return ['role', from.role];
  if (from.kind === 'networks') return ['networks', from.name, shortHash(JSON.stringify(from.networks), 6)];
  return [from.kind];
}

/**
 * Returns a priority for each name, derived from its hash, so that adding or removing a rule leaves the others
 * unchanged. On a collision (about one in ninety lists of ten names) the later name in the alphabet takes the next free
 * priority. All rules allow, so their order has no effect.
 */
function prioritiesOf(names: readonly string[]): Readonly<Record<string, number>> {
  const range = limits.lastPriority - firstPriority;
  const taken = new Set<number>();
  return Object.fromEntries(
    [...names].sort().map((name) => {
      let place = Number.parseInt(shortHash(name, 8), 16) % range;
      while (taken.has(place)) place = (place + 1) % range;
      taken.add(place);
      return [name, firstPriority + place];
    }),
  );
}

function source(from: Caller, groups: Readonly<Record<string, pulumi.Input<string>>>): Partial<SecurityRule> {
  if (from.kind === 'internet') return { sourceAddressPrefix: 'Internet' };
  if (from.kind === 'role') return { sourceApplicationSecurityGroups: [{ id: groupOf(from.role, groups) }] };
  return { sourceAddressPrefixes: [...networksOf(from)] };
}

function groupOf(role: string, groups: Readonly<Record<string, pulumi.Input<string>>>): pulumi.Input<string> {
  const id = groups[role];
  if (id === undefined)
    throw new Error(`a rule names ${role}, which is none of the roles ${Object.keys(groups).join(', ')}`);
  return id;
}
