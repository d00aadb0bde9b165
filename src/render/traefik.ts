import { type Edge, type EdgeTls, httpsPortOf, type Route } from '../model/edge.ts';
import { resolve } from '../model/value.ts';
import { certificatesFolder } from './acme.ts';
import { yaml } from './compose.ts';
import { hardened } from './container.ts';
import { shortHash } from './hash.ts';
import { imageOf, type MachineInput } from './machine.ts';
import { ownCertificate, ownCertificates } from './ownCertificate.ts';
import { bluePort, configFolder, mountFolder, routesFolder } from './paths.ts';

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
  const authority = edge.tls.kind === 'acme' ? resolve(edge.tls.authority, input.facts, input.secrets) : '';
  const start = {
    'traefik.yaml': yaml(startConfiguration(edge, input)),
    ...(authority && { 'authority.pem': authority }),
  };
  const hash = shortHash(
    JSON.stringify([composeFile({ system, image, hash: '', authority: authority !== '', certificates }), start]),
  );
  const folder = `${configFolder(system, 'traefik')}/${hash}`;
  return {
    hash,
    compose: composeFile({ system, image, hash, authority: authority !== '', certificates }),
    start: Object.fromEntries(Object.entries(start).map(([name, content]) => [`${folder}/${name}`, content])),
    routes: yaml(routes(edge, input)),
  };
}

/** Of an authority's certificates, which Traefik keeps itself, or of one's own, a folder each: it reads another one without a restart */
function certificatesMount(tls: EdgeTls, input: MachineInput): string | undefined {
  if (tls.kind === 'acme') return `${certificatesFolder(tls, input)}:/var/lib/acme`;
  const own = ownCertificates(input.blueprint.system);
  return tls.kind === 'files' ? `${own}:${own}:ro` : undefined;
}

/** Where the edge's log files are, rotated by logrotate */
export const edgeLogs = (system: string): string => mountFolder(system, { kind: 'logs', name: 'traefik' });

function composeFile(input: {
  system: string;
  image: string;
  hash: string;
  /** Whether the authority's own certificate is a file beside its configuration */
  authority: boolean;
  /** The volume of its certificates, where it has some */
  certificates: string | undefined;
}): string {
  const { system, image, hash, authority, certificates } = input;
  const traefik = {
    image,
    command: ['--configFile=/etc/traefik/start/traefik.yaml'],
    ...hardened,
    cap_add: ['NET_BIND_SERVICE'],
    // The only one: it must see its clients' addresses and reach services that listen on loopback
    network_mode: 'host',
    user: '0:0',
    labels: { 'berth.system': system, 'berth.service': 'traefik', 'berth.definition': hash },
    environment: authority ? { LEGO_CA_CERTIFICATES: '/etc/traefik/start/authority.pem' } : {},
    volumes: [
      `${configFolder(system, 'traefik')}/${hash}:/etc/traefik/start:ro`,
      `${routesFolder(system)}:${routesInside}:ro`,
      ...(certificates === undefined ? [] : [certificates]),
      `${edgeLogs(system)}:/var/log/traefik`,
    ],
    mem_limit: '200m',
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

function routes(edge: Edge, input: MachineInput) {
  const own = ownCertificate(edge.tls, input);
  const entryPoint = httpsPortOf(edge.tls) === undefined ? 'web' : 'websecure';
  const names = [...new Set(edge.routes.map((route) => route.service))];
  const logins = edge.routes.flatMap(({ service, users }): [string, object][] =>
    users ? [[`${service}-login`, { basicAuth: { users: lines(resolve(users, input.facts, input.secrets)) } }]] : [],
  );
  const strips = edge.routes.flatMap(({ service, prefix, strip }): [string, object][] =>
    strip ? [[`${service}-prefix`, { stripPrefix: { prefixes: [prefix.replace(/\/$/, '')] } }]] : [],
  );
  const redirects = (edge.redirects ?? []).map((redirect, index) => ({ name: `redirect-${index}`, ...redirect }));
  return {
    http: {
      routers: Object.fromEntries([
        ...edge.routes.map((route) => [
          routerName(route, edge.routes),
          {
            entryPoints: [entryPoint],
            rule: ruleOf(route),
            priority: 1 + route.prefix.length,
            middlewares: [
              'answers',
              ...(route.users ? [`${route.service}-login`] : []),
              ...(route.strip ? [`${route.service}-prefix`] : []),
            ],
            service: route.service,
          },
        ]),
        ...redirects.map(({ name, from }) => [
          name,
          {
            entryPoints: [entryPoint],
            rule: ruleOf({ domain: from, prefix: '/' }),
            middlewares: ['answers', name],
            // Traefik's own, which is never asked
            service: 'noop@internal',
          },
        ]),
      ]),
      middlewares: {
        answers: { headers: answerHeaders(edge.tls) },
        ...Object.fromEntries([...logins, ...strips]),
        ...Object.fromEntries(redirects.map(({ name, to }) => [name, { redirectRegex: redirectTo(to) }])),
      },
      services: Object.fromEntries(
        names.map((name) => [
          name,
          { loadBalancer: { servers: [{ url: `http://127.0.0.1:${portOf(name, input)}` }] } },
        ]),
      ),
    },
    ...(httpsPortOf(edge.tls) !== undefined && {
      tls: {
        options: { default: tlsOptions },
        ...(own && { certificates: [{ certFile: own.certificate, keyFile: own.key }] }),
      },
    }),
  };
}

/** With the path and the query that were asked for; 308 but for GET, which gets 301 */
const redirectTo = (url: string) => ({ regex: '^https?://[^/]+(.*)', replacement: `${url}$1`, permanent: true });

const ruleOf = ({ domain, prefix }: Pick<Route, 'domain' | 'prefix'>): string =>
  [...(domain ? [`Host(\`${domain}\`)`] : []), ...(domain && prefix === '/' ? [] : [`PathPrefix(\`${prefix}\`)`])].join(
    ' && ',
  );

/** A service's name, with a number where several routes lead to it */
function routerName(route: Route, all: readonly Route[]): string {
  const same = all.filter(({ service }) => service === route.service);
  return same.length === 1 ? route.service : `${route.service}-${same.indexOf(route)}`;
}

/** The colour that is live is known on the machine only; what is replaced has one port */
function portOf(name: string, { role }: MachineInput): string {
  const service = role.services.find((candidate) => candidate.name === name);
  return service?.rollout === 'replace' ? `${bluePort(name)}` : `@${name}@`;
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** `Berth-Generation` tells the host that a switch has happened; the others every browser should be told */
function answerHeaders(tls: EdgeTls) {
  // A browser that was told so asks for HTTPS on every port of the name, the one for plain HTTP on this computer too
  const onOwnPort = (httpsPortOf(tls) ?? 443) !== 443;
  return {
    ...(!onOwnPort && { stsSeconds: 63_072_000, forceSTSHeader: true }),
    contentTypeNosniff: true,
    frameDeny: true,
    referrerPolicy: 'strict-origin-when-cross-origin',
    customResponseHeaders: { 'Berth-Generation': '@generation@' },
  };
}

/** Mozilla's intermediate profile, guideline 6.0 */
const tlsOptions = {
  minVersion: 'VersionTLS12',
  curvePreferences: ['X25519MLKEM768', 'X25519', 'CurveP256', 'CurveP384'],
  cipherSuites: ['AES_128_GCM_SHA256', 'AES_256_GCM_SHA384', 'CHACHA20_POLY1305_SHA256'].flatMap((suite) => [
    `TLS_ECDHE_ECDSA_WITH_${suite}`,
    `TLS_ECDHE_RSA_WITH_${suite}`,
  ]),
};
