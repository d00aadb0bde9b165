import { type Edge, type EdgeTls, httpsPortOf, type Route } from '../model/edge.ts';
import { smallDigits, type Uploads } from '../model/uploads.ts';
import { resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { ownCertificate } from './ownCertificate.ts';
import { bluePort } from './paths.ts';

/** What Traefik reads anew whenever a release switches: with `@frontend@` for the live colour's port */
export function traefikRoutes(edge: Edge, input: MachineInput) {
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
            // Traefik's own, which is never asked
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

/** Routes that differ in their public names alone */
interface Group {
  name: string;
  route: Route;
  domains: readonly string[];
}

/** Traefik counts for each router: what may be sent to one service has to be one router's */
function groups(routes: readonly Route[]): readonly Group[] {
  const alike = (one: Route) => (other: Route) => other.service === one.service && other.prefix === one.prefix;
  const firsts = routes.filter((route, index) => routes.findIndex(alike(route)) === index);
  return firsts.map((route) => ({
    name: nameOf(route, firsts),
    route,
    domains: routes.filter(alike(route)).flatMap(({ domain }) => domain ?? []),
  }));
}

/** A service's name, with a number where several prefixes lead to it */
function nameOf(route: Route, all: readonly Route[]): string {
  const same = all.filter(({ service }) => service === route.service);
  return same.length === 1 ? route.service : `${route.service}-${same.indexOf(route)}`;
}

/** One for what is read as it comes, and one for uploads, which Traefik keeps until they are whole: their answers too */
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
 * A port that docker publishes is refused from its engine's end to its next start, half a second to some, while the container
 * behind it goes on. What could not be sent is sent again, the pauses growing from 0.1 to 0.2 s: 5 s in all.
 */
const engineAway = { attempts: 35, initialInterval: '100ms' };

const isUpload = `!Method(\`GET\`) && !Method(\`HEAD\`) && !Method(\`OPTIONS\`) && !HeaderRegexp(\`Content-Length\`, \`^[0-9]{1,${smallDigits}}$\`)`;

const uploadLimits = ({ largestMb, atOnce }: Uploads) => ({
  'uploads-at-once': { inFlightReq: { amount: atOnce } },
  'uploads-size': { buffering: { maxRequestBodyBytes: largestMb * 1024 * 1024 } },
});

/** With the path and the query that were asked for; 308 but for GET, which gets 301 */
const redirectTo = (url: string) => ({ regex: '^https?://[^/]+(.*)', replacement: `${url}$1`, permanent: true });

/** Any name where none is given */
function ruleOf(domains: readonly string[], prefix: string): string {
  const names = domains.map((domain) => `Host(\`${domain}\`)`);
  const host = names.length > 1 ? `(${names.join(' || ')})` : names.join('');
  return [host, ...(host && prefix === '/' ? [] : [`PathPrefix(\`${prefix}\`)`])].filter(Boolean).join(' && ');
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
