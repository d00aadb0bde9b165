import { type Edge, type EdgeTls, httpsPortOf, type Route } from '../model/edge.ts';
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
