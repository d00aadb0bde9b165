import type { input } from '@pulumi/azure-native/types/index.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Rule } from '../../model/blueprint.ts';
import { limitedName } from '../../model/names.ts';
import { type Caller, networksOf, type Opening, openings } from '../../model/openings.ts';
import { shortHash } from '../../render/hash.ts';

type SecurityRule = input.network.SecurityRuleArgs;

/** Of Azure: the last priority that a rule may have, and the characters of a description */
const limits = { lastPriority: 4096, description: 140 };
const firstPriority = 100;

/**
 * A system's rules as one network security group has them, and one that denies the rest: Azure's own rule would let the
 * machines of a network reach each other on every port.
 * @param groups the id of each role's application security group
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

/** From what the rule lets in, not from its place or its reason */
const ruleName = ({ from, to, port, protocol }: Opening): string =>
  limitedName([...wordsFor(from), 'to', to, protocol, `${port}`], { length: 80 });

function wordsFor(from: Caller): readonly string[] {
  if (from.kind === 'role') return ['role', from.role];
  if (from.kind === 'networks') return ['networks', from.name, shortHash(JSON.stringify(from.networks), 6)];
  return [from.kind];
}

/**
 * Each name's own priority, which a rule that comes or goes leaves as it is. Where two names meet, as in one of ninety
 * lists of ten, the later in the alphabet takes the next one. All of them allow, so their order means nothing.
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
