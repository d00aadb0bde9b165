import type { DeclaredResource } from '../../../src/policy/recorded.ts';
import { view } from '../shop.ts';
import { among, type Door, either, within } from './doors.ts';

// What security groups let in, read as each cloud reads them: from rules and from the machines that groups are put on.

/** Machines by the id of a group that they are in */
type Members = Readonly<Record<string, readonly string[]>>;

const membersOf = (machines: readonly (readonly [machine: string, groups: readonly string[]])[]): Members => {
  const ids = [...new Set(machines.flatMap(([, groups]) => groups))];
  return Object.fromEntries(
    ids.map((id) => [id, machines.filter(([, groups]) => groups.includes(id)).map(([machine]) => machine)]),
  );
};

/** A rule of a group as a door of each machine that is in it */
const onEach = (machines: readonly string[] = [], door: Omit<Door, 'to'>): readonly Door[] =>
  machines.map((to) => ({ to, ...door }));

const everybody = (): boolean => true;

interface OpenstackRule {
  direction: string;
  ethertype: string;
  securityGroupId: string;
  remoteIpPrefix?: string;
  remoteGroupId?: string;
  protocol?: Door['protocol'];
  portRangeMin?: number;
  portRangeMax?: number;
}

/** Every rule of every group of a port lets in; one without a remote lets in its whole family */
export function openstackDoors(declared: readonly DeclaredResource[]): readonly Door[] {
  const { typed } = view(declared);
  const members = membersOf(typed('Port').map(({ name, inputs }) => [name, inputs.securityGroupIds as string[]]));
  return typed('SecGroupRule')
    .map(({ inputs }) => inputs as unknown as OpenstackRule)
    .filter(({ direction }) => direction === 'ingress')
    .flatMap(({ ethertype, securityGroupId, remoteIpPrefix, remoteGroupId, ...rule }) => {
      const family = within(ethertype === 'IPv6' ? '::/0' : '0.0.0.0/0');
      const remote = remoteGroupId
        ? among(members[remoteGroupId])
        : remoteIpPrefix
          ? within(remoteIpPrefix)
          : everybody;
      return onEach(members[securityGroupId], {
        admits: (caller) => family(caller) && remote(caller),
        ...(rule.protocol && { protocol: rule.protocol }),
        ...(rule.portRangeMin && { ports: [rule.portRangeMin, rule.portRangeMax ?? rule.portRangeMin] }),
      });
    });
}

interface AwsRule {
  securityGroupId: string;
  cidrIpv4?: string;
  cidrIpv6?: string;
  referencedSecurityGroupId?: string;
  ipProtocol: string;
  fromPort?: number;
  toPort?: number;
}

/** Every rule of every group of an instance lets in */
export function awsDoors(declared: readonly DeclaredResource[]): readonly Door[] {
  const { typed } = view(declared);
  const members = membersOf(
    typed('Instance').map(({ name, inputs }) => [name, inputs.vpcSecurityGroupIds as string[]]),
  );
  return typed('SecurityGroupIngressRule')
    .map(({ inputs }) => inputs as unknown as AwsRule)
    .flatMap(({ securityGroupId, cidrIpv4, cidrIpv6, referencedSecurityGroupId: group, ...rule }) => {
      const network = cidrIpv4 ?? cidrIpv6;
      return onEach(members[securityGroupId], {
        admits: network ? within(network) : among(members[group ?? '']),
        ...(rule.ipProtocol !== '-1' && { protocol: rule.ipProtocol as 'tcp' | 'udp' }),
        ...(rule.fromPort && { ports: [rule.fromPort, rule.toPort ?? 65_535] }),
      });
    });
}

interface AzureRule {
  access: 'Allow' | 'Deny';
  direction: string;
  priority: number;
  protocol: string;
  sourceAddressPrefix?: string;
  sourceAddressPrefixes?: readonly string[];
  sourceApplicationSecurityGroups?: readonly { id: string }[];
  destinationApplicationSecurityGroups?: readonly { id: string }[];
  destinationPortRange: string;
}

interface Interface {
  applicationSecurityGroups?: readonly { id: string }[];
}

/** The one security group of the subnet: of the rules that fit, the one of the lowest number decides */
export function azureDoors(declared: readonly DeclaredResource[]): readonly Door[] {
  const { typed, one } = view(declared);
  const interfaces = typed('NetworkInterface').map(({ name, inputs }) => {
    const [{ applicationSecurityGroups = [] } = {}] = inputs.ipConfigurations as readonly Interface[];
    return [name.replace(/-interface$/, ''), applicationSecurityGroups.map(({ id }) => id)] as const;
  });
  const members = membersOf(interfaces);
  const { addressPrefixes } = one('VirtualNetwork').inputs.addressSpace as { addressPrefixes: readonly string[] };
  const rules = one('NetworkSecurityGroup').inputs.securityRules as readonly AzureRule[];
  const given = [...rules]
    .filter(({ direction }) => direction === 'Inbound')
    .sort((a, b) => a.priority - b.priority)
    .flatMap((rule) => {
      const [first = 0, last = first] = rule.destinationPortRange.split('-').map(Number);
      const targets = rule.destinationApplicationSecurityGroups;
      const machines = targets ? targets.flatMap(({ id }) => members[id] ?? []) : interfaces.map(([name]) => name);
      return onEach(machines, {
        admits: either(...sourcesOf(rule, members, addressPrefixes)),
        ...(rule.protocol !== '*' && { protocol: rule.protocol.toLowerCase() as 'tcp' | 'udp' }),
        ...(rule.destinationPortRange !== '*' && { ports: [first, last] as const }),
        ...(rule.access === 'Deny' && { shut: true as const }),
      });
    });
  // Azure's own last rules: the machines of a network reach each other
  const own = onEach(
    interfaces.map(([name]) => name),
    { admits: either(...addressPrefixes.map(within)) },
  );
  return [...given, ...own];
}

function sourcesOf(rule: AzureRule, members: Members, network: readonly string[]): readonly Door['admits'][] {
  const prefixes = [rule.sourceAddressPrefix ?? [], rule.sourceAddressPrefixes ?? []].flat();
  return [
    ...(rule.sourceApplicationSecurityGroups ?? []).map(({ id }) => among(members[id])),
    ...prefixes.map((prefix) => {
      if (prefix === '*') return everybody;
      return prefix === 'Internet' ? outside(network) : within(prefix);
    }),
  ];
}

/** Azure's word Internet: every public address, and none of the network's own. Its machines have IPv4 alone */
const outside = (network: readonly string[]): Door['admits'] => {
  const [all, own] = [within('0.0.0.0/0'), either(...network.map(within))];
  return (caller) => all(caller) && !own(caller);
};
