import { z } from 'zod';
import type { Blueprint } from '../../src/model/blueprint.ts';
import type { Environment } from '../../src/model/environment.ts';
import { type Party, reachability } from '../../src/model/matrix.ts';
import { hostName, machineName } from '../../src/model/names.ts';
import { everybody, networksOf } from '../../src/model/openings.ts';
import type { Api } from './api.ts';
import { serversOf } from './holdings.ts';

const ports = z.object({
  ports: z.array(
    z.object({
      device_id: z.string(),
      device_owner: z.string(),
      port_security_enabled: z.boolean(),
      security_groups: z.array(z.string()),
    }),
  ),
});
const rules = z.object({
  security_group_rules: z.array(
    z.object({
      direction: z.string(),
      ethertype: z.string(),
      security_group_id: z.string(),
      protocol: z.string().nullable(),
      port_range_min: z.number().nullable(),
      port_range_max: z.number().nullable(),
      remote_ip_prefix: z.string().nullable(),
      remote_group_id: z.string().nullable(),
    }),
  ),
});

/** Returns every connection that Neutron lets in to the servers of a project: `source → name of the server tcp/80` */
export async function allowedByNeutron(api: Api): Promise<readonly string[]> {
  const servers = new Map(Object.entries(await serversOf(api)).map(([name, { id }]) => [id, name]));
  const found = ports
    .parse(await api.get('network', '/v2.0/ports'))
    .ports.filter(isServers)
    .map((port) => ({ ...port, name: servers.get(port.device_id) ?? port.device_id }));
  const { security_group_rules: all } = rules.parse(await api.get('network', '/v2.0/security-group-rules'));
  const members = (group: string) => found.filter((port) => port.security_groups.includes(group));
  const lines = found.flatMap((port) => {
    if (!port.port_security_enabled) return [`anybody → ${port.name}`];
    const own = all.filter((rule) => port.security_groups.includes(rule.security_group_id));
    return own
      .filter(({ direction }) => direction === 'ingress')
      .flatMap((rule) => {
        const sources = rule.remote_group_id
          ? members(rule.remote_group_id).map(({ name }) => name)
          : [rule.remote_ip_prefix ?? everybody];
        const range = [...new Set([rule.port_range_min, rule.port_range_max])].join('-');
        return sources.map((source) => `${source} → ${port.name} ${rule.protocol}/${range}`);
      });
  });
  return [...new Set(lines)].sort();
}

const isServers = ({ device_owner: owner }: { device_owner: string }): boolean => owner.startsWith('compute:');

/** Returns what `berth matrix` says of a system, in the same form */
export function allowedByMatrix(blueprint: Blueprint, { name, operators }: Environment): readonly string[] {
  const hosts = hostNames(blueprint, name);
  const sources = (from: Party) =>
    from.kind === 'role' ? from.machines.map((machine) => hosts[machine] ?? machine) : networksOf(from);
  const lines = reachability(blueprint, operators).flatMap(({ from, to, port, protocol }) =>
    to.machines.flatMap((machine) =>
      sources(from).map((source) => `${source} → ${hosts[machine]} ${protocol}/${port}`),
    ),
  );
  return [...new Set(lines)].sort();
}

/** Names of servers, by the names that the matrix has for machines */
function hostNames({ system, roles }: Blueprint, environment: string): Record<string, string> {
  const machines = Object.entries(roles).flatMap(([role, { count }]) =>
    Array.from({ length: count }, (_, index) => ({ system, role, index })),
  );
  return Object.fromEntries(machines.map((machine) => [machineName(machine), hostName(environment, machine)]));
}
