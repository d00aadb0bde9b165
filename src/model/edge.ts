import type { Value } from './value.ts';

/** The reverse proxy in front of a role's services: Traefik in a container, or Debian's nginx on the machine itself */
export interface Edge {
  kind: 'traefik' | 'nginx';
  /** Traefik's; nginx is the machine's own */
  image?: string;
  tls: EdgeTls;
  /** Longest prefix wins; the first names what the host asks for after a switch */
  routes: readonly Route[];
  /** How long requests of the old colour may finish after the switch */
  drainSeconds: number;
}

export type EdgeTls =
  /** Its own certificates; `authority` is the PEM of the directory's own authority, empty for a public one */
  | { kind: 'acme'; email: string; directory: Value; authority: Value; httpsPort: number }
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
