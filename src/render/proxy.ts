import { adoptedHost } from '../model/adopted.ts';
import type { Environment } from '../model/environment.ts';
import { certificateTexts, type ForwardProxy } from '../model/proxy.ts';
import type { HostFile } from './hostFiles.ts';
import { hasContainers, type MachineInput } from './machine.ts';
import { sourcesFolder } from './paths.ts';
import { lines } from './tables.ts';

/** Destinations that always bypass the proxy: the machine itself and the metadata address of clouds */
const always = ['localhost', '127.0.0.1', '::1', '169.254.169.254'];

/** Returns the proxy of an environment's machines with all destinations that bypass it; empty without a proxy */
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
 * Returns the proxy's files for apt, docker and the trusted authorities; none on an adopted machine, where its owner
 * configures them
 */
export function proxyFiles(input: Pick<MachineInput, 'machine' | 'proxy' | 'role'>): readonly HostFile[] {
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

/**
 * Returns the bundle entries of a proxy: its authority, and the environment of builds, which see no other proxy
 * settings
 */
export function proxyEntries({
  proxy,
  blueprint: { system },
}: Pick<MachineInput, 'blueprint' | 'proxy'>): Record<string, string> {
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

/**
 * Returns the PEM certificates to trust for a certificate authority: its own and the proxy's; empty where the machine
 * trusts both already
 */
export const trustedBy = (own: string, proxy: ForwardProxy | undefined): string =>
  proxy?.authority === undefined || own === ''
    ? own || (proxy?.authority ?? '')
    : `${own.trimEnd()}\n${proxy.authority}`;

/** Variables that name a file of trusted authorities for git, curl, OpenSSL, pip, Python's requests, npm and Node */
const trusting = [
  ...['GIT_SSL_CAINFO', 'CURL_CA_BUNDLE', 'SSL_CERT_FILE', 'PIP_CERT', 'REQUESTS_CA_BUNDLE'],
  ...['npm_config_cafile', 'NODE_EXTRA_CA_CERTS'],
];
