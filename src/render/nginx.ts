import { domainsOf, type Edge, httpsPortOf, type Redirect, type Route, sitesOf } from '../model/edge.ts';
import { isProcess } from '../model/service.ts';
import { smallDigits, type Uploads } from '../model/uploads.ts';
import { certificateFiles, certificatesFolder, challengeFolder } from './acme.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import { peerAddresses } from './failover.ts';
import type { HostFile } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { ownCertificate } from './ownCertificate.ts';
import { bluePort, nginxLogs, routesFolder } from './paths.ts';
import { templateText } from './template.ts';

/**
 * Returns the files of an edge that is Debian's nginx. Other sites of the machine remain: berth adds one file in conf.d
 * and the routes that it includes.
 * @throws on features that only a Traefik edge has: logins, and internal edges
 */
export function nginxFiles(
  edge: Edge,
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'machine' | 'proxy' | 'role' | 'secrets'>,
): EdgeFiles {
  const { system } = input.blueprint;
  const acme = edge.tls.kind === 'acme' ? edge.tls : undefined;
  if (edge.tls.kind === 'internal' || edge.routes.some(({ users }) => users !== undefined))
    throw new Error(`system ${system}: an nginx edge has neither logins nor internal ports, choose kind traefik`);
  return {
    hash: '',
    start: {},
    closed: ownCertificate(edge.tls, input)?.files ?? {},
    host: [siteFile(edge, input), ...(acme ? certificateFiles(acme, domainsOf(edge), input) : [])],
    routes: { name: 'routes.conf', text: routes(edge, input) },
    certificates: acme ? domainsOf(edge) : [],
    folders: [
      ...(acme ? [['0700', '0:0', certificatesFolder(acme, input)] as const] : []),
      // nginx's workers, which run as www-data, reopen log files
      ['0750', 'root:www-data', nginxLogs(system)],
    ],
    packages: ['nginx', ...(acme ? ['dehydrated'] : [])],
  };
}

function siteFile(edge: Edge, input: Pick<MachineInput, 'blueprint' | 'facts' | 'machine'>): HostFile {
  const { tls } = edge;
  const { system } = input.blueprint;
  const challenge = challengeFolder(system);
  const [peer] = peerAddresses(input);
  const servers = domainsOf(edge).map((domain) => plainServer(tls, domain, challenge, peer));
  return {
    path: `/etc/nginx/conf.d/berth-${system}.conf`,
    mode: '0644',
    // A pattern, because no routes file exists before the first release
    content: templateText('nginx/edge.conf', {
      system,
      challenge: servers.join('\n').trimEnd(),
      routes: `${routesFolder(system)}/routes*.conf`,
    }),
    check: 'nginx',
    activate: 'nginx',
  };
}

/**
 * Redirects plain HTTP to HTTPS
 * @param peer address of the machine that shares the name and has certificates of its own
 */
function plainServer(tls: Edge['tls'], domain: string, challenge: string, peer: string | undefined): string {
  const httpsPort = httpsPortOf(tls);
  if (httpsPort === undefined) return '';
  const port = httpsPort === 443 ? '' : `:${httpsPort}`;
  if (tls.kind === 'acme' && peer !== undefined)
    return templateText('nginx/edge-challenge-shared.conf', { domain, challenge, port, peer });
  if (tls.kind === 'acme') return templateText('nginx/edge-challenge.conf', { domain, challenge, port });
  return templateText('nginx/edge-plain.conf', { domain, port });
}

function routes(edge: Edge, input: Pick<MachineInput, 'blueprint' | 'facts' | 'role' | 'secrets'>): string {
  const { system } = input.blueprint;
  const callable = input.role.services.filter(isProcess).filter(({ loopback }) => loopback !== undefined);
  const names = [...new Set([...edge.routes.map(({ service }) => service), ...callable.map(({ name }) => name)])];
  const upstreams = names.map(
    (name) => `upstream ${upstream(system, name)} { server 127.0.0.1:${port(name, input)}; }`,
  );
  const doors = callable.map(({ name, loopback }) =>
    templateText('nginx/edge-door.conf', { port: `${loopback}`, upstream: upstream(system, name) }).trimEnd(),
  );
  const stripped = edge.routes
    .filter(({ strip }) => strip)
    .map(({ prefix, service }) =>
      templateText('nginx/edge-path.conf', { without: without(prefix), path: pathVariable(system, service) }).trimEnd(),
    );
  // Several names of a site share these
  const paths = [...new Set(stripped)];
  const shared = templateText('nginx/edge-shared.conf', {
    log: nginxName(`${system}_access`),
    upload: uploadVariable(system),
    smallDigits: `${smallDigits}`,
  }).trimEnd();
  const sites = sitesOf(edge).map((domain) => site(domain, edge, input));
  const redirects = (edge.redirects ?? []).map((one) => redirect(one, edge.tls, input));
  return `${[shared, ...upstreams, ...paths, ...doors, ...sites, ...redirects].join('\n')}\n`;
}

const redirect = (
  { from, to }: Redirect,
  tls: Edge['tls'],
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
): string =>
  templateText('nginx/edge-redirect.conf', {
    ...{ from, to, listen: listen(tls), strictTransport: strictTransport(tls) },
    transport: transport(tls, input),
  }).trimEnd();

function site(
  domain: string,
  { tls, routes, uploads }: Edge,
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
): string {
  const { system, version } = input.blueprint;
  const own = routes.filter((route) => route.domain === domain);
  const [root] = own.filter(({ prefix }) => prefix === '/');
  if (!root) throw new Error(`nothing answers / of ${domain}`);
  return templateText('nginx/edge-site.conf', {
    ...{ logs: nginxLogs(system), domain, version, listen: listen(tls), log: nginxName(`${system}_access`) },
    root: upstream(system, root.service),
    ...uploadLimits(system, uploads),
    transport: transport(tls, input),
    strictTransport: strictTransport(tls),
    locations: own.map((route) => location(system, route)).join('\n'),
  }).trimEnd();
}

const uploadLimits = (system: string, { largestMb, atOnce }: Uploads) => ({
  ...{ upload: uploadVariable(system), largestMb: `${largestMb}`, atOnce: `${atOnce}` },
});

/** The `http2` parameter also works with the nginx of Debian 12 */
const listen = (tls: Edge['tls']): string => (httpsPortOf(tls) === undefined ? 'listen 80;' : 'listen 443 ssl http2;');

/**
 * HSTS applies to every port of a name, the port for plain HTTP on this computer included, so it is set only on port
 * 443
 */
const strictTransport = (tls: Edge['tls']): string =>
  (httpsPortOf(tls) ?? 443) !== 443 ? '' : 'add_header Strict-Transport-Security max-age=63072000 always;';

function transport(tls: Edge['tls'], input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>): string {
  const { system } = input.blueprint;
  const certificates =
    tls.kind === 'acme'
      ? `${certificatesFolder(tls, input)}/certificates/${system}`
      : ownCertificate(tls, input)?.folder;
  if (certificates !== undefined) {
    return templateText('nginx/edge-tls.conf', { system, certificates }).trimEnd();
  }
  if (tls.kind !== 'upstream') return '';
  return [...tls.networks.map((network) => `set_real_ip_from ${network};`), 'real_ip_header X-Forwarded-For;'].join(
    '\n  ',
  );
}

const location = (system: string, { prefix, strip, service }: Route): string =>
  `\n${
    strip
      ? templateText('nginx/edge-stripped.conf', {
          ...{ prefix: ended(prefix), without: without(prefix) },
          ...{ service, upstream: upstream(system, service), path: pathVariable(system, service) },
        })
      : templateText('nginx/edge-location.conf', {
          service,
          prefix: ended(prefix),
          upstream: upstream(system, service),
        })
  }`.trimEnd();

const ended = (prefix: string): string => `${without(prefix)}/`;
const without = (prefix: string): string => prefix.replace(/\/$/, '');

/** Names of variables and log formats are global in nginx and shared with other systems */
const pathVariable = (system: string, service: string): string => nginxName(`${system}_${service}_path`);
const uploadVariable = (system: string): string => nginxName(`${system}_upload`);
const nginxName = (text: string): string => text.replaceAll('-', '_');

const upstream = (system: string, service: string): string => `${system}-${service}`;

/**
 * Returns the blue port for `replace` services; otherwise a placeholder, since only the machine knows the live colour
 */
function port(name: string, { role }: Pick<MachineInput, 'role'>): string {
  const service = role.services.find((candidate) => candidate.name === name);
  return service?.rollout === 'replace' ? `${bluePort(name)}` : `@${name}@`;
}
