import type { Edge, EdgeTls } from '../model/edge.ts';
import type { ForwardProxy } from '../model/proxy.ts';
import { uploadsMb } from '../model/uploads.ts';
import { resolve } from '../model/value.ts';
import { certificatesFolder } from './acme.ts';
import { hardened, scratch } from './container.ts';
import { shortHash } from './hash.ts';
import { imageOf, type MachineInput } from './machine.ts';
import { ownCertificates } from './ownCertificate.ts';
import { configFolder, mountFolder, routesFolder } from './paths.ts';
import { trustedBy } from './proxy.ts';
import { traefikRoutes } from './traefikRoutes.ts';
import { yaml } from './yaml.ts';

/** Files of a Traefik edge: its start configuration, and the routes that a release switches */
export interface TraefikFiles {
  /** Hash of the edge without its routes */
  hash: string;
  /** Compose file. A changed one is not activated by a release unless `restartEdge` is set. */
  compose: string;
  /** Files that Traefik reads when it starts: text by path on the host */
  start: Readonly<Record<string, string>>;
  /**
   * Routes, with `@frontend@` in place of the live colour's port and `@generation@` in place of the number of the
   * switch
   */
  routes: string;
}

const routesInside = '/etc/traefik/routes';

export function traefikFiles(
  edge: Edge,
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'proxy' | 'role' | 'secrets'>,
): TraefikFiles {
  const system = input.blueprint.system;
  const image = imageOf(input, edge.image ?? '');
  const certificates = certificatesMount(edge.tls, input);
  const own = edge.tls.kind === 'acme' ? resolve(edge.tls.authority, input.facts, input.secrets) : '';
  const proxy = edge.tls.kind === 'acme' ? input.proxy : undefined;
  const authority = trustedBy(own, proxy);
  const startOf = (tls: EdgeTls) => ({
    'traefik.yaml': yaml(startConfiguration({ ...edge, tls }, input)),
    ...(authority && { 'authority.pem': authority }),
  });
  const scratchMb = uploadsMb(edge.uploads);
  const container = { system, image, environment: asking(authority !== '', proxy), certificates, scratchMb };
  // The contact address is not part of the hash: a new one takes effect at the next start and is no reason to interrupt
  // visitors
  const withoutContact = edge.tls.kind === 'acme' ? { ...edge.tls, email: '' } : edge.tls;
  const hash = shortHash(JSON.stringify([composeFile({ ...container, hash: '' }), startOf(withoutContact)]));
  const folder = `${configFolder(system, 'traefik')}/${hash}`;
  return {
    hash,
    compose: composeFile({ ...container, hash }),
    start: Object.fromEntries(
      Object.entries(startOf(edge.tls)).map(([name, content]) => [`${folder}/${name}`, content]),
    ),
    routes: yaml(traefikRoutes(edge, input)),
  };
}

/**
 * Returns the environment variables for requests to a certificate authority
 * @param authority whether trusted authorities are in a file beside the configuration
 */
const asking = (authority: boolean, proxy: ForwardProxy | undefined): Record<string, string> => ({
  ...(authority && { LEGO_CA_CERTIFICATES: '/etc/traefik/start/authority.pem' }),
  // HTTP_PROXY would also apply to the services on this machine
  ...(proxy && { HTTPS_PROXY: proxy.url, NO_PROXY: proxy.exceptFor.join(',') }),
  ...(proxy?.authority !== undefined && { LEGO_CA_SYSTEM_CERT_POOL: 'true' }),
});

/**
 * Returns the volume of certificates: a writable folder in which Traefik stores those of an authority, or the folder of
 * certificates from secrets, of which Traefik reads a new one without a restart
 */
function certificatesMount(
  tls: EdgeTls,
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
): string | undefined {
  if (tls.kind === 'acme') return `${certificatesFolder(tls, input)}:/var/lib/acme`;
  const own = ownCertificates(input.blueprint.system);
  return tls.kind === 'files' ? `${own}:${own}:ro` : undefined;
}

/**
 * `uid:gid` of the edge, used by nothing else: it can read no other service's files and cannot reach the metadata
 * address
 */
export const edgeUser = '10080:10080';

/** Folder of the edge's logs, which logrotate rotates */
export const edgeLogs = (system: string): string => mountFolder(system, { kind: 'logs', name: 'traefik' });

function composeFile(input: {
  system: string;
  image: string;
  hash: string;
  environment: Readonly<Record<string, string>>;
  /** Volume of its certificates; undefined where it has none */
  certificates: string | undefined;
  /** Space for buffered uploads in MB */
  scratchMb: number;
}): string {
  const { system, image, hash, environment, certificates, scratchMb } = input;
  const traefik = {
    image,
    command: ['--configFile=/etc/traefik/start/traefik.yaml'],
    ...hardened,
    // Host network, for this container only: it must see client addresses and reach services that listen on loopback
    network_mode: 'host',
    user: edgeUser,
    labels: { 'berth.system': system, 'berth.service': 'traefik', 'berth.definition': hash },
    environment,
    volumes: [
      `${configFolder(system, 'traefik')}/${hash}:/etc/traefik/start:ro`,
      `${routesFolder(system)}:${routesInside}:ro`,
      ...(certificates === undefined ? [] : [certificates]),
      `${edgeLogs(system)}:/var/log/traefik`,
    ],
    ...scratch(200, scratchMb),
    stop_grace_period: '30s',
  };
  return yaml({ services: { traefik } });
}

function startConfiguration(edge: Edge, input: Pick<MachineInput, 'facts' | 'secrets'>) {
  const limits = { respondingTimeouts: { readTimeout: '1800s', writeTimeout: '0s', idleTimeout: '90s' } };
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'INFO' },
    accessLog: { filePath: '/var/log/traefik/access.log', format: 'json', bufferingSize: 100 },
    providers: { providersThrottleDuration: '100ms', file: { directory: routesInside, watch: true } },
    ...withMetrics(edge.metricsPort, entryPoints(edge.tls, limits, input)),
  };
}

/** Figures have an entry point of their own, which the firewall closes to all but the role with Prometheus */
function withMetrics<Made extends { entryPoints: object }>(port: number | undefined, made: Made) {
  if (port === undefined) return made;
  return {
    ...made,
    entryPoints: { ...made.entryPoints, metrics: { address: `:${port}` } },
    metrics: { prometheus: { entryPoint: 'metrics', buckets: [0.05, 0.1, 0.3, 0.6, 1.2, 2.5, 5, 10] } },
  };
}

function entryPoints(tls: EdgeTls, transport: object, input: Pick<MachineInput, 'facts' | 'secrets'>) {
  if (tls.kind === 'internal') {
    // Only proxies may reach this port, so their forwarded headers are trusted
    return { entryPoints: { web: { address: `:${tls.port}`, transport, forwardedHeaders: { insecure: true } } } };
  }
  if (tls.kind === 'upstream') {
    return { entryPoints: { web: { address: ':80', transport, forwardedHeaders: { trustedIPs: [...tls.networks] } } } };
  }
  const redirections = { entryPoint: { to: `:${tls.httpsPort}`, scheme: 'https', permanent: true } };
  const web = { address: ':80', http: { redirections } };
  if (tls.kind === 'files') {
    return { entryPoints: { web, websecure: { address: ':443', transport, http: { tls: {} } } } };
  }
  const acme = {
    email: tls.email,
    caServer: resolve(tls.directory, input.facts, input.secrets),
    storage: '/var/lib/acme/acme.json',
    // A handshake with its own default, RSA of 4096 bits, takes a hundred times the processor time
    keyType: 'EC256',
    httpChallenge: { entryPoint: 'web' },
  };
  return {
    entryPoints: {
      web,
      websecure: { address: ':443', transport, http: { tls: { certResolver: 'acme' } } },
    },
    certificatesResolvers: { acme: { acme } },
  };
}
