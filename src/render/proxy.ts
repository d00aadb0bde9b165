import { adoptedHost } from '../model/adopted.ts';
import type { Environment } from '../model/environment.ts';
import { certificateTexts, type ForwardProxy } from '../model/proxy.ts';
import type { HostFile } from './hostFiles.ts';
import { hasContainers, type MachineInput } from './machine.ts';
import { sourcesFolder } from './paths.ts';
import { lines } from './tables.ts';

/** The machine itself, its neighbours, and the metadata address of clouds */
const always = ['localhost', '127.0.0.1', '::1', '169.254.169.254'];

/** The proxy of an environment's machines, with everything that they ask without it; nothing where there is none */
export function machineProxy(
  { proxy, network }: Environment,
  plainRegistries: readonly string[],
): { proxy?: ForwardProxy } {
  if (!proxy) return {};
  const registries = plainRegistries.map((name) => name.replace(/:\d+$/, ''));
  const exceptFor = [...always, network, ...registries, ...proxy.exceptFor];
  const { authority } = proxy;
  return { proxy: { ...proxy, exceptFor, ...(authority && { authority: certificateTexts(authority).join('') }) } };
}

/**
 * What programs of the machine read of the proxy: apt, docker, the store of authorities. On an adopted machine all three
 * are their owner's.
 */
export function proxyFiles(input: MachineInput): readonly HostFile[] {
  const { proxy, role, machine } = input;
  if (!proxy || adoptedHost(role, machine.index)) return [];
  const apt: HostFile = {
    path: '/etc/apt/apt.conf.d/80berth-proxy',
    mode: '0644',
    content: lines(['http', 'https'].map((scheme) => `Acquire::${scheme}::Proxy "${proxy.url}";`)),
  };
  const variables = Object.entries(proxyVariables(proxy)).map(([name, value]) => `Environment="${name}=${value}"`);
  const docker: HostFile = {
    path: '/etc/systemd/system/docker.service.d/berth-proxy.conf',
    mode: '0644',
    content: lines(['[Service]', ...variables]),
    activate: 'docker',
  };
  return [
    apt,
    ...certificateTexts(proxy.authority ?? '').map((content, index): HostFile => {
      const path = `/usr/local/share/ca-certificates/berth-proxy-${index}.crt`;
      return { path, mode: '0644', content, activate: 'authorities' };
    }),
    ...(hasContainers(input) ? [docker] : []),
  ];
}

/** What the machine's scripts read of it: the authority, and how builds are told, who know no other of its settings */
export function proxyEntries({ proxy, blueprint: { system } }: MachineInput): Record<string, string> {
  if (!proxy) return {};
  const { authority } = proxy;
  const bundle = `${sourcesFolder(system)}/authorities.pem`;
  const variables = [
    ...Object.entries(proxyVariables(proxy)).flatMap(([name, value]) => [
      `${name}=${value}`,
      `${name.toLowerCase()}=${value}`,
    ]),
    ...(authority === undefined ? [] : trusting.map((name) => `${name}=${bundle}`)),
  ];
  return { 'builder.env': lines(variables), ...(authority !== undefined && { 'authority.pem': authority }) };
}

const proxyVariables = ({ url, exceptFor }: ForwardProxy) => ({
  HTTP_PROXY: url,
  HTTPS_PROXY: url,
  NO_PROXY: exceptFor.join(','),
});

/** Whom to trust who asks a certificate authority: its own, PEM, and that of the proxy; empty where the machine knows both */
export const trustedBy = (own: string, proxy: ForwardProxy | undefined): string =>
  proxy?.authority === undefined || own === ''
    ? own || (proxy?.authority ?? '')
    : `${own.trimEnd()}\n${proxy.authority}`;

/** By which git, curl, OpenSSL, pip, Python's requests, npm and Node are told whom to trust */
const trusting = [
  ...['GIT_SSL_CAINFO', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE'],
  ...['npm_config_cafile', 'NODE_EXTRA_CA_CERTS'],
];
