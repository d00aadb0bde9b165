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

/** Files of a Traefik edge: what starts it, and the routes that a release switches */
export interface EdgeFiles {
  /** Changes with the edge itself, not with its routes */
  hash: string;
  /** Its compose file; a change of it is a change of the edge itself, never part of a release */
  compose: string;
  /** Path on the host → text: what Traefik reads when it starts */
  start: Readonly<Record<string, string>>;
  /** Routes with `@frontend@` where the live colour's port goes and `@generation@` for the number of the switch */
  routes: string;
}

const routesInside = '/etc/traefik/routes';

export function traefikFiles(edge: Edge, input: MachineInput): EdgeFiles {
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
  // Another contact is taken up whenever it starts next: visitors need not miss it for that
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
 * How it asks an authority for certificates.
 * @param authority whether whom it is to trust is a file beside its configuration
 */
const asking = (authority: boolean, proxy: ForwardProxy | undefined): Record<string, string> => ({
  ...(authority && { LEGO_CA_CERTIFICATES: '/etc/traefik/start/authority.pem' }),
  // Not that of HTTP: it would ask the services on this machine through it
  ...(proxy && { HTTPS_PROXY: proxy.url, NO_PROXY: proxy.exceptFor.join(',') }),
  ...(proxy?.authority !== undefined && { LEGO_CA_SYSTEM_CERT_POOL: 'true' }),
});

/** Of an authority's certificates, which Traefik keeps itself, or of one's own, a folder each: it reads another one without a restart */
function certificatesMount(tls: EdgeTls, input: MachineInput): string | undefined {
  if (tls.kind === 'acme') return `${certificatesFolder(tls, input)}:/var/lib/acme`;
  const own = ownCertificates(input.blueprint.system);
  return tls.kind === 'files' ? `${own}:${own}:ro` : undefined;
}

/** Its own: nobody else's files are open to it, nor the metadata address, which is root's */
export const edgeUser = '10080:10080';

/** Where the edge's log files are, rotated by logrotate */
export const edgeLogs = (system: string): string => mountFolder(system, { kind: 'logs', name: 'traefik' });

function composeFile(input: {
  system: string;
  image: string;
  hash: string;
  environment: Readonly<Record<string, string>>;
  /** The volume of its certificates, where it has some */
  certificates: string | undefined;
  /** Where it keeps uploads until they are whole */
  scratchMb: number;
}): string {
  const { system, image, hash, environment, certificates, scratchMb } = input;
  const traefik = {
    image,
    command: ['--configFile=/etc/traefik/start/traefik.yaml'],
    ...hardened,
    // The only one: it must see its clients' addresses and reach services that listen on loopback
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

function startConfiguration(edge: Edge, input: MachineInput) {
  const limits = { respondingTimeouts: { readTimeout: '1800s', writeTimeout: '0s', idleTimeout: '90s' } };
  return {
    global: { checkNewVersion: false, sendAnonymousUsage: false },
    log: { level: 'INFO' },
    accessLog: { filePath: '/var/log/traefik/access.log', format: 'json', bufferingSize: 100 },
    providers: { providersThrottleDuration: '100ms', file: { directory: routesInside, watch: true } },
    ...entryPoints(edge.tls, limits, input),
  };
}

function entryPoints(tls: EdgeTls, transport: object, input: MachineInput) {
  if (tls.kind === 'internal') {
    // The machines that may reach this port are proxies themselves: what they say of the visitor is believed
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
