import type { Service } from './service.ts';
import type { Uploads } from './uploads.ts';
import type { Value } from './value.ts';

/** The reverse proxy in front of a role's services: Traefik in a container, or nginx from Debian's package */
export interface Edge {
  kind: 'traefik' | 'nginx';
  /** Image of Traefik; unused with nginx */
  image?: string;
  tls: EdgeTls;
  /** The longest matching prefix is used */
  routes: readonly Route[];
  /** Public names that redirect to another one. @default none */
  redirects?: readonly Redirect[];
  uploads: Uploads;
  /**
   * Request with which the host checks the edge after a switch. @default the health path and status of the first
   * route's service
   */
  probe?: { path: string; status?: number };
  /** Seconds that requests to the old colour may continue after the switch */
  drainSeconds: number;
}

export type EdgeTls =
  /** Certificates by ACME; `authority` is the PEM certificate of the directory's authority, empty for a public one */
  | { kind: 'acme'; email: string; directory: Value; authority: Value; httpsPort: number }
  /**
   * A certificate from secrets: the chain in PEM, whose first certificate covers every public name, and its private key
   */
  | { kind: 'files'; certificate: Value; key: Value; httpsPort: number }
  /**
   * TLS is terminated by the provider's gateway: only these networks reach port 80, and only their forwarded headers are trusted
   */
  | { kind: 'upstream'; networks: readonly string[] }
  /** Plain HTTP, reachable only by the other machines of the system */
  | { kind: 'internal'; port: number };

/** Maps paths with a prefix to a service */
export interface Route {
  /** Public host name. @default any name, on an internal edge */
  domain?: string;
  prefix: string;
  /** Whether the prefix is removed from the path before the request reaches the service */
  strip?: boolean;
  service: string;
  /**
   * Users for HTTP basic authentication, for services without a login of their own: lines as `htpasswd -nB` prints them
   */
  users?: Value;
}

/** Returns the HTTPS port of the edge, or undefined where it serves plain HTTP */
export const httpsPortOf = (tls: EdgeTls): number | undefined => ('httpsPort' in tls ? tls.httpsPort : undefined);

/** A public name that redirects permanently to another one and keeps the path and the query */
export interface Redirect {
  from: string;
  /** A URL without a path */
  to: string;
}

/** Returns the public names that lead to services, without duplicates */
export const sitesOf = ({ routes }: Edge): readonly string[] => [
  ...new Set(routes.flatMap(({ domain }) => (domain === undefined ? [] : [domain]))),
];

/** Returns all public names of the edge, redirects included, without duplicates: the names that need certificates */
export const domainsOf = (edge: Edge): readonly string[] => [
  ...new Set([...sitesOf(edge), ...(edge.redirects ?? []).map(({ from }) => from)]),
];

/**
 * Returns the request that checks the edge after a switch, for the host name of the first route
 * @returns the path that visitors use, and a pattern of the status of a working release
 */
export function edgeProbe(edge: Edge, services: readonly Pick<Service, 'name' | 'health'>[]): Asked {
  const [first] = edge.routes;
  if (edge.probe) return { path: edge.probe.path, status: statusPattern(edge.probe.status) };
  const prefix = first?.prefix ?? '/';
  // Basic authentication answers 401 before the service is reached
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

/** Pattern of an HTTP status. @default any 2xx */
export const statusPattern = (status?: number): string => (status === undefined ? '2..' : `${status}`);
