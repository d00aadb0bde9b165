import { sshPort } from './access.ts';
import type { Blueprint, Declaration, DeclaredRole, Rule } from './blueprint.ts';
import type { Edge } from './edge.ts';
import { inImages } from './inImages.ts';
import { isContainer } from './service.ts';

/**
 * Returns a system as the pods of a cluster: nobody logs in to them over SSH, none holds an address in place of
 * another, and rules name the ports at which their containers listen
 */
export function inCluster(declaration: Declaration): Declaration {
  const roles: Readonly<Record<string, DeclaredRole>> = Object.fromEntries(
    Object.entries(declaration.roles).map(([name, { failover, ...role }]) => [
      name,
      inImages({ ...role, ...(failover === 'of its cache' && { failover }) }),
    ]),
  );
  return {
    ...declaration,
    roles,
    rules: distinct(declaration.rules.flatMap((rule) => onPods(rule, roles))),
  };
}

/** Whether the edge of a role has public names, which the cluster's ingress serves */
export const isPublic = (edge: Edge | undefined): edge is Edge => edge !== undefined && edge.tls.kind !== 'internal';

function onPods(rule: Rule, roles: Declaration['roles']): readonly Rule[] {
  const role = roles[rule.to];
  if (rule.protocol === 'vrrp' || (rule.from === 'operators' && rule.port === sshPort)) return [];
  if (!role) return [rule];
  const seenFromOutside = rule.from === 'internet' || (typeof rule.from === 'object' && 'networks' in rule.from);
  const outside = isPublic(role.edge) && seenFromOutside && [80, 443].includes(rule.port);
  const ports = outside ? routedPorts(role) : [podPort(role, rule.port)];
  const why = outside ? 'users open the site, through the ingress' : rule.why;
  return ports.map((port) => ({ ...rule, port, why }));
}

/** Returns the port at which a container listens for the connections to a port of its role */
export function podPort({ edge, services }: Pick<DeclaredRole, 'edge' | 'services'>, port: number): number {
  const containers = services.filter(isContainer);
  if (edge?.tls.kind === 'internal' && edge.tls.port === port) {
    const [first] = edge.routes;
    return containers.find(({ name }) => name === first?.service)?.port ?? port;
  }
  return containers.find(({ exposed }) => exposed === port)?.port ?? port;
}

/** Returns the ports of the containers that the public names of a role lead to */
const routedPorts = ({ edge, services }: Pick<DeclaredRole, 'edge' | 'services'>): readonly number[] => {
  const routed = (edge?.routes ?? []).map(({ service }) => service);
  return services.flatMap((one) =>
    isContainer(one) && one.port !== undefined && routed.includes(one.name) ? [one.port] : [],
  );
};

const distinct = (rules: readonly Rule[]): readonly Rule[] => [
  ...new Map(rules.map((rule) => [JSON.stringify(rule), rule])).values(),
];

/** Returns what the pods of a role call of other roles: each with the port at which its container listens */
export const callsOf = (
  { rules, roles }: Pick<Blueprint, 'rules' | 'roles'>,
  name: string,
): readonly { role: string; port: number }[] =>
  rules.flatMap(({ from, to, port, protocol }) =>
    protocol === 'tcp' && to in roles && typeof from === 'object' && 'role' in from && from.role === name
      ? [{ role: to, port }]
      : [],
  );
