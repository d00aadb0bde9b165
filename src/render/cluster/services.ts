import type { Role } from '../../model/blueprint.ts';
import { isPublic } from '../../model/inCluster.ts';
import { type Container, isContainer } from '../../model/service.ts';
import { type ClusterInput, hasMembers, item, memberLabel, memberName, podLabels } from './input.ts';
import { type Item, notAwaited } from './manifest.ts';

interface ServicePort {
  name: string;
  port: number;
  targetPort: number;
}

/**
 * Returns the Services of a role: one for all of its pods, and one for each of its members, whose name and address stay
 * when its pod is another
 */
export function serviceItems(input: ClusterInput, name: string, role: Role): readonly Item[] {
  const ports = servicePorts(role);
  if (ports.length === 0) return [];
  const service = (own: string, selector: Readonly<Record<string, string>>) =>
    item(
      input,
      'Service',
      own,
      { spec: { selector, ports } },
      { role: name, annotations: { ...sticky, ...notAwaited } },
    );
  const sticky: Readonly<Record<string, string>> = isSticky(input, name) ? cookies : {};
  const members = hasMembers(input.blueprint, name, role)
    ? Array.from({ length: role.count }, (_, index) => memberName(name, index))
    : [];
  return [
    service(name, podLabels(name)),
    ...members.map((member) => service(member, { ...podLabels(name), [memberLabel]: member })),
  ];
}

/** Returns the ports at which a role is called, each with that of the container behind it */
export function servicePorts({ edge, services }: Role): readonly ServicePort[] {
  const containers = services.filter(isContainer);
  const named = ({ port, ...rest }: Omit<ServicePort, 'name'>): ServicePort => ({ name: `p${port}`, port, ...rest });
  const first = containers.find(({ name }) => name === edge?.routes[0]?.service);
  const routed = (edge?.routes ?? []).map(({ service }) => service);
  const all = [
    ...(edge?.tls.kind === 'internal' && first?.port !== undefined
      ? [{ port: edge.tls.port, targetPort: first.port }]
      : []),
    ...containers.flatMap(({ exposed, port }) => (exposed && port ? [{ port: exposed, targetPort: port }] : [])),
    ...(isPublic(edge) ? containers.filter(({ name }) => routed.includes(name)).flatMap(own) : []),
  ];
  return [...new Map(all.map((one) => [one.port, named(one)])).values()];
}

const own = ({ port }: Container): readonly Omit<ServicePort, 'name'>[] =>
  port === undefined ? [] : [{ port, targetPort: port }];

/** Whether a visitor's requests stay with one pod of the role: those of a sticky balancer that the ingress stands in for */
export const isSticky = ({ blueprint }: Pick<ClusterInput, 'blueprint'>, role: string): boolean =>
  blueprint.balancers.some((balancer) => balancer.role === role && balancer.sticky);

/** Traefik reads them at the Service, ingress-nginx at the Ingress */
const cookies = { 'traefik.ingress.kubernetes.io/service.sticky.cookie': 'true' };
