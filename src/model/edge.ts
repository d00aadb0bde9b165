import type { Service } from './service.ts';
import type { Uploads } from './uploads.ts';
import type { Value } from './value.ts';

/** The reverse proxy in front of a role's services: Traefik in a container, or Debian's nginx on the machine itself */
export interface Edge {
  kind: 'traefik' | 'nginx';
  /** Traefik's; nginx is the machine's own */
  image?: string;
  tls: EdgeTls;
  /** Longest prefix wins */
  routes: readonly Route[];
  /** Names that lead to another. @default none */
  redirects?: readonly Redirect[];
  uploads: Uploads;
  /** What the host asks for after a switch. @default the health path of the first route's service, and what it answers there */
  probe?: { path: string; status?: number };
  /** How long requests of the old colour may finish after the switch */
  drainSeconds: number;
}

export type EdgeTls =
  /** Its own certificates; `authority` is the PEM of the directory's own authority, empty for a public one */
  | { kind: 'acme'; email: string; directory: Value; authority: Value; httpsPort: number }
  /** Certificates of one's own: the chain in PEM, its first for every public name, and the private key of that one */
  | { kind: 'files'; certificate: Value; key: Value; httpsPort: number }
  /** Ended by the provider's gateway: only these networks reach port 80, and forwarded headers are believed from them */
  | { kind: 'upstream'; networks: readonly string[] }
  /** Plain HTTP for the other machines of the system, which alone reach this port */
  | { kind: 'internal'; port: number };

/** Which service answers paths that begin so */
export interface Route {
  /** The public name; any on an internal edge */
  domain?: string;
  prefix: string;
  /** The prefix is the edge's alone: the service sees the path without it */
  strip?: boolean;
  service: string;
  /** Asks for a name and a password: what has no login of its own. Hashed, as `htpasswd -nB` prints it */
  users?: Value;
}

/** The port at which visitors find its HTTPS; none where it speaks plain HTTP */
export const httpsPortOf = (tls: EdgeTls): number | undefined => ('httpsPort' in tls ? tls.httpsPort : undefined);

/** A public name whose visitors are sent to another for good, with the path and the query that they asked for */
export interface Redirect {
  from: string;
  /** A URL without a path */
  to: string;
}

/** The public names at which its services answer, each once */
export const sitesOf = ({ routes }: Edge): readonly string[] => [
  ...new Set(routes.flatMap(({ domain }) => (domain === undefined ? [] : [domain]))),
];

/** Its public names, each once: what its certificates are for */
export const domainsOf = (edge: Edge): readonly string[] => [
  ...new Set([...sitesOf(edge), ...(edge.redirects ?? []).map(({ from }) => from)]),
];

/**
 * What the host asks its edge for after a switch, by the name of the first route.
 * @returns the path as visitors see it, and a pattern of the status that says that the release answers
 */
export function edgeProbe(edge: Edge, services: readonly Pick<Service, 'name' | 'health'>[]): Asked {
  const [first] = edge.routes;
  if (edge.probe) return { path: edge.probe.path, status: statusPattern(edge.probe.status) };
  const prefix = first?.prefix ?? '/';
  // It asks for a name and a password before it asks its service
  if (first?.users) return { path: prefix, status: '401' };
  const health = services.find(({ name }) => name === first?.service)?.health;
  const path = health?.path ?? '/';
  const seen = first?.strip ? `${prefix.replace(/\/$/, '')}${path}` : path;
  if (!seen.startsWith(prefix)) return { path: prefix, status: statusPattern() };
  return { path: seen, status: statusPattern(health?.status) };
}

interface Asked {
  path: string;
  status: string;
}

/** Of a status: 2xx where none is named */
export const statusPattern = (status?: number): string => (status === undefined ? '2..' : `${status}`);
