import type { Balancer, DeclaredRole } from '../model/blueprint.ts';
import { type Edge, edgeProbe, sitesOf } from '../model/edge.ts';
import { machineFact, machineName } from '../model/names.ts';
import { ref } from '../model/value.ts';
import type { ProbedSite } from './blackbox.ts';

/**
 * Returns the public names of a system, as visitors ask them
 * @param roles that serve some by an edge
 * @param balancers of the cloud
 */
export const probedSites = (
  system: string,
  roles: Readonly<Record<string, DeclaredRole>>,
  balancers: readonly Balancer[],
): readonly ProbedSite[] => [
  ...Object.entries(roles).flatMap(([role, { edge, services }]) =>
    namesOf(edge, services).map((site) => ({
      ...site,
      machine: machineName({ system, role, index: 0 }),
      address: ref(machineFact(role, 0, 'publicAddress')),
    })),
  ),
  ...balancers
    .filter(({ certificate }) => certificate !== undefined)
    .map(({ name, domain, healthPath }) => ({
      ...{ domain, machine: name, address: ref(`balancers.${name}.address`), path: healthPath },
    })),
];

/** Behind a provider's gateway, or inside of the system, a machine itself answers no visitor over HTTPS */
function namesOf(
  edge: Edge | undefined,
  services: DeclaredRole['services'],
): readonly Pick<ProbedSite, 'domain' | 'path' | 'answers'>[] {
  if (!edge || !('httpsPort' in edge.tls)) return [];
  const { routes, redirects = [] } = edge;
  return [
    ...sitesOf(edge).map((domain) => {
      const { path, status } = edgeProbe({ ...edge, routes: routes.filter((one) => one.domain === domain) }, services);
      return { domain, path, ...(status === '401' && { answers: 'login' as const }) };
    }),
    ...redirects.map(({ from }) => ({ domain: from, path: '/', answers: 'redirect' as const })),
  ];
}
