import { type Edge, type EdgeTls, httpsPortOf, type Route } from '../model/edge.ts';
import { smallDigits, type Uploads } from '../model/uploads.ts';
import { resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { ownCertificate } from './ownCertificate.ts';
import { bluePort } from './paths.ts';

/**
 * Returns Traefik's dynamic configuration, which changes with every switch; `@frontend@` stands for the live colour's
 * port
 */
export function traefikRoutes(edge: Edge, input: Pick<MachineInput, 'blueprint' | 'facts' | 'role' | 'secrets'>) {
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
        ...groups(edge.routes).flatMap((group) => routers(group, entryPoint)),
        ...redirects.map(({ name, from }) => [
          name,
          {
            entryPoints: [entryPoint],
            rule: ruleOf([from], '/'),
            middlewares: ['answers', name],
            // Required by Traefik, but never reached
            service: 'noop@internal',
          },
        ]),
      ]),
      middlewares: {
        answers: { headers: answerHeaders(edge.tls) },
        ...uploadLimits(edge.uploads),
        'engine-away': { retry: engineAway },
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

/** Routes that differ only in their public names */
interface Group {
  name: string;
  route: Route;
  domains: readonly string[];
}

/** Groups routes to one router for each service and prefix: Traefik counts concurrent requests per router */
function groups(routes: readonly Route[]): readonly Group[] {
  const alike = (one: Route) => (other: Route) => other.service === one.service && other.prefix === one.prefix;
  const firsts = routes.filter((route, index) => routes.findIndex(alike(route)) === index);
  return firsts.map((route) => ({
    name: nameOf(route, firsts),
    route,
    domains: routes.filter(alike(route)).flatMap(({ domain }) => domain ?? []),
  }));
}

/** Returns the service's name, with a number where several prefixes lead to it */
function nameOf(route: Route, all: readonly Route[]): string {
  const same = all.filter(({ service }) => service === route.service);
  return same.length === 1 ? route.service : `${route.service}-${same.indexOf(route)}`;
}

/**
 * Returns two routers: one that streams requests and responses, and one for uploads, which Traefik buffers together
 * with their responses
 */
function routers({ name, route, domains }: Group, entryPoint: string): readonly [string, object][] {
  const { service, prefix, users, strip } = route;
  const rule = ruleOf(domains, prefix);
  const own = [...(users ? [`${service}-login`] : []), ...(strip ? [`${service}-prefix`] : []), 'engine-away'];
  const router = { entryPoints: [entryPoint], service };
  const priority = 2 * prefix.length;
  return [
    [name, { ...router, rule, priority, middlewares: ['answers', ...own] }],
    [
      `${name}-uploads`,
      {
        ...{ ...router, rule: `${rule} && ${isUpload}`, priority: priority + 1 },
        middlewares: ['answers', 'uploads-at-once', 'uploads-size', ...own],
      },
    ],
  ];
}

/**
 * Retries connections that could not be opened. A port that docker publishes refuses connections while docker restarts,
 * half a second to several seconds, although its container runs on. Pauses grow from 0.1 to 0.2 s: 5 s in all.
 */
const engineAway = { attempts: 35, initialInterval: '100ms' };

const isUpload = `!Method(\`GET\`) && !Method(\`HEAD\`) && !Method(\`OPTIONS\`) && !HeaderRegexp(\`Content-Length\`, \`^[0-9]{1,${smallDigits}}$\`)`;

const uploadLimits = ({ largestMb, atOnce }: Uploads) => ({
  'uploads-at-once': { inFlightReq: { amount: atOnce } },
  'uploads-size': { buffering: { maxRequestBodyBytes: largestMb * 1024 * 1024 } },
});

/** Keeps the path and the query; answers GET with 301 and other methods with 308 */
const redirectTo = (url: string) => ({ regex: '^https?://[^/]+(.*)', replacement: `${url}$1`, permanent: true });

/** Matches any host name where no domain is given */
function ruleOf(domains: readonly string[], prefix: string): string {
  const names = domains.map((domain) => `Host(\`${domain}\`)`);
  const host = names.length > 1 ? `(${names.join(' || ')})` : names.join('');
  return [host, ...(host && prefix === '/' ? [] : [`PathPrefix(\`${prefix}\`)`])].filter(Boolean).join(' && ');
}

/**
 * Returns the blue port for `replace` services; otherwise a placeholder, since only the machine knows the live colour
 */
function portOf(name: string, { role }: Pick<MachineInput, 'role'>): string {
  const service = role.services.find((candidate) => candidate.name === name);
  return service?.rollout === 'replace' ? `${bluePort(name)}` : `@${name}@`;
}

const lines = (text: string): readonly string[] => text.split('\n').filter((line) => line !== '');

/** Response headers: `Berth-Generation` shows the host that a switch has taken effect; the others are for browsers */
function answerHeaders(tls: EdgeTls) {
  // HSTS applies to every port of a name, the port for plain HTTP on this computer included, so it is set only on port
  // 443
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
