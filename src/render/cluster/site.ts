import type { Balancer, Role } from '../../model/blueprint.ts';
import { type Edge, sitesOf } from '../../model/edge.ts';
import { isContainer } from '../../model/service.ts';
import type { Uploads } from '../../model/uploads.ts';

/** Public names of a role or a balancer, with what answers under them */
export interface Site {
  role: string;
  hosts: readonly string[];
  paths: (host: string) => readonly SitePath[];
  tls: Edge['tls'];
  uploads: Uploads;
  sticky: boolean;
}

interface SitePath {
  prefix: string;
  /** Whether the prefix is removed from the path */
  strip: boolean;
  /** Service of the cluster */
  service: string;
  port: number;
}

export function siteOf(role: string, edge: Edge, services: Role['services']): Site {
  const containers = services.filter(isContainer);
  const portOf = (name: string) => containers.find((one) => one.name === name)?.port ?? 80;
  return {
    ...{ role, hosts: sitesOf(edge), tls: edge.tls, uploads: edge.uploads, sticky: false },
    paths: (host) =>
      edge.routes
        .filter(({ domain }) => domain === host)
        .map(({ prefix, strip = false, service }) => ({ prefix, strip, service: role, port: portOf(service) })),
  };
}

export const balanced = ({ name, domain, role, port, sticky, inItsPlace }: Balancer): Site => ({
  ...{ role: name, hosts: [domain], sticky },
  paths: () => [{ prefix: '/', strip: false, service: role, port }],
  tls: inItsPlace.edge?.tls ?? { kind: 'upstream', networks: [] },
  uploads: inItsPlace.edge?.uploads ?? { largestMb: 1, atOnce: 1 },
});
