import type { DnsRecord, Rule } from '../model/blueprint.ts';
import { certificateKeySecret, certificateSecret } from '../model/certificate.ts';
import type { Edge, EdgeTls, Route } from '../model/edge.ts';
import type { Exporter } from '../model/monitoring.ts';
import type { Uploads } from '../model/uploads.ts';
import { ref, secret } from '../model/value.ts';
import type { Contribution } from './contribution.ts';

/**
 * TLS of a public name: `acme` requests a certificate from an authority, `files` uses one from the system's secrets,
 * `upstream` leaves TLS to the provider's gateway
 */
export type PublicTls =
  | { kind: 'acme'; contact: string; httpsPort?: number }
  | { kind: 'files'; httpsPort?: number }
  | { kind: 'upstream'; gatewayNetworks: readonly string[] };

type TlsOptions =
  | { tls: 'acme'; contact: string }
  | { tls: 'files' }
  | { tls: 'upstream'; gatewayNetworks: readonly string[] };

/** Returns the TLS settings of a system's options; on this computer the HTTPS port is the published one */
export function publicTls(options: TlsOptions, publish?: Readonly<Record<string, number>>): PublicTls {
  if (options.tls === 'upstream') return { kind: 'upstream', gatewayNetworks: options.gatewayNetworks };
  const httpsPort = publish?.[443];
  const own = httpsPort ? { httpsPort } : {};
  return options.tls === 'files' ? { kind: 'files', ...own } : { kind: 'acme', contact: options.contact, ...own };
}

/** Returns descriptions of the secrets that the TLS options need, by name */
export const tlsSecrets = ({ tls }: TlsOptions): Readonly<Record<string, string>> =>
  tls === 'files'
    ? {
        [certificateSecret]: 'the certificate of all its names in PEM, and after it those that lead to its authority',
        [certificateKeySecret]: 'the private key of the certificate, PEM without a passphrase',
      }
    : {};

/** Other names of a site */
export interface OtherNames {
  /** Names that answer as the site's first name does */
  alsoAt: readonly string[];
  /** Names that redirect to the site's first name, with path and query */
  redirectFrom: readonly string[];
}

/** A route of a public name */
export type Site = Omit<Route, 'domain'> & { domain: string };

/**
 * Returns a reverse proxy for a machine's public names, with its rules and DNS records
 * @param input.names other names of the first site. @default none
 * @param input.kind Traefik in a container, or nginx on the machine. @default 'traefik'
 */
export function publicEdge(input: {
  role: string;
  sites: readonly [Site, ...Site[]];
  names?: OtherNames;
  tls: PublicTls;
  uploads: Uploads;
  kind?: Edge['kind'];
  probe?: Edge['probe'];
}): Contribution & { url: string; records: readonly DnsRecord[] } {
  const { role, sites, tls } = input;
  const port = tls.kind === 'upstream' ? 443 : (tls.httpsPort ?? 443);
  const [{ domain: first }] = sites;
  const { alsoAt = [], redirectFrom = [] } = input.names ?? {};
  const url = `https://${first}${port === 443 ? '' : `:${port}`}`;
  const ofFirst = sites.filter(({ domain }) => domain === first);
  const names = [...new Set(sites.map(({ domain }) => domain)), ...alsoAt, ...redirectFrom];
  const edge: Edge = {
    ...(input.kind === 'nginx' ? { kind: 'nginx' } : { kind: 'traefik', image: traefikImage }),
    tls: edgeTls(tls),
    routes: [...sites, ...alsoAt.flatMap((domain) => ofFirst.map((site) => ({ ...site, domain })))],
    ...(redirectFrom.length > 0 && { redirects: redirectFrom.map((from) => ({ from, to: url })) }),
    drainSeconds: 2,
    uploads: input.uploads,
    ...(input.probe && { probe: input.probe }),
  };
  return {
    roles: { [role]: { edge } },
    rules: edgeRules(role, tls),
    records: names.map((name) => ({ name, to: { role, index: 0 } })),
    url,
  };
}

/**
 * Returns a Traefik in front of a service that only other machines of the system call, so that none of their requests
 * fails during a release
 */
export function internalEdge(input: { role: string; port: number; service: string; uploads: Uploads }): Contribution {
  const edge: Edge = {
    kind: 'traefik',
    image: traefikImage,
    tls: { kind: 'internal', port: input.port },
    routes: [{ prefix: '/', service: input.service }],
    drainSeconds: 2,
    uploads: input.uploads,
  };
  return { roles: { [input.role]: { edge } } };
}

const traefikMetricsPort = 8082;

/** Returns an edge that tells its figures to a Prometheus on another machine, where it is one that can */
export const watchedEdge = (edge: Edge): Edge =>
  edge.kind === 'traefik' ? { ...edge, metricsPort: traefikMetricsPort } : edge;

/** Returns the exporters that a role's edge is for a Prometheus on another machine */
export const edgeFigures = ({ kind }: Edge, role: string, count: number): readonly Exporter[] =>
  kind === 'traefik'
    ? [{ job: 'traefik', of: 'its edge', role, count, port: traefikMetricsPort, service: 'traefik' }]
    : [];

const traefikImage = 'docker.io/library/traefik:v3.6.12';

function edgeTls(tls: PublicTls): EdgeTls {
  if (tls.kind === 'upstream') return { kind: 'upstream', networks: tls.gatewayNetworks };
  const httpsPort = tls.httpsPort ?? 443;
  if (tls.kind === 'files') {
    return { kind: 'files', certificate: secret(certificateSecret), key: secret(certificateKeySecret), httpsPort };
  }
  return {
    kind: 'acme',
    email: tls.contact,
    directory: ref('acme.directory'),
    authority: ref('acme.authority'),
    httpsPort,
  };
}

const port80Why = {
  acme: 'redirect to HTTPS, and the challenge of the certificate authority',
  files: 'redirect to HTTPS',
};

function edgeRules(role: string, tls: PublicTls): readonly Rule[] {
  const rule = { to: role, protocol: 'tcp' } as const;
  if (tls.kind === 'upstream') {
    const from = { networks: tls.gatewayNetworks, name: 'gateway' };
    return [{ ...rule, from, port: 80, why: "users arrive through the provider's TLS gateway" }];
  }
  return [
    { ...rule, from: 'internet', port: 80, why: port80Why[tls.kind] },
    { ...rule, from: 'internet', port: 443, why: 'users open the site' },
  ];
}
