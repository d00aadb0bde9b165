import type { EdgeTls } from '../model/edge.ts';
import type { ForwardProxy } from '../model/proxy.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { HostFile } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { configFolder, sourcesFolder, stateFolder } from './paths.ts';
import { quoted } from './process.ts';
import { trustedBy } from './proxy.ts';
import { templateText } from './template.ts';

type Acme = Extract<EdgeTls, { kind: 'acme' }>;

/** What Debian's dehydrated reads, and what runs it each day; a renewed certificate is taken up at once */
export function certificateFiles(acme: Acme, domains: readonly string[], input: MachineInput): readonly HostFile[] {
  const { system } = input.blueprint;
  const folder = configFolder(system, 'acme');
  const authority = resolve(acme.authority, input.facts, input.secrets);
  const trusted = trustedBy(authority, input.proxy);
  const config = templateText('acme/config', {
    directory: quoted(resolve(acme.directory, input.facts, input.secrets)),
    email: quoted(acme.email),
    folder: certificatesFolder(acme, input),
    domains: `${folder}/domains`,
    challenge: challengeFolder(system),
    hook: `${folder}/hook`,
    curl: quoted(curlOptions(input.proxy, trusted && `${folder}/authority.pem`)),
  });
  return [
    { path: `${folder}/config`, mode: '0644', content: config },
    // All names in one certificate, which bears the system's name
    { path: `${folder}/domains`, mode: '0644', content: `${domains.join(' ')} > ${system}\n` },
    { path: `${folder}/hook`, mode: '0755', content: templateText('acme/hook.sh', {}) },
    ...(trusted ? [{ path: `${folder}/authority.pem`, mode: '0644', content: trusted }] : []),
    ...certificateUnits(system, {
      description: `Renews the certificate of ${system} in its last month`,
      command: `/usr/bin/dehydrated --config ${folder}/config --cron`,
      calendar: 'daily',
      delay: '12h',
    }),
  ];
}

/** Beside those of the file, curl trusts whom the machine knows */
const curlOptions = (proxy: ForwardProxy | undefined, trusted: string): string =>
  [
    ...(trusted ? [`--cacert ${trusted}`] : []),
    ...(proxy ? [`--capath /etc/ssl/certs --proxy ${proxy.url} --noproxy ${proxy.exceptFor.join(',')}`] : []),
  ].join(' ');

/** What looks after an edge's certificates from time to time, and when, in systemd's words */
export function certificateUnits(
  system: string,
  { description, command, ...when }: { description: string; command: string; calendar: string; delay: string },
): readonly HostFile[] {
  const texts = { service: { description, command }, timer: { description, ...when } };
  return (['service', 'timer'] as const).map((kind) => ({
    path: `/etc/systemd/system/berth-certificate-${system}.${kind}`,
    mode: '0644',
    content: templateText(`systemd/certificate.${kind}`, texts[kind]),
    activate: 'systemd',
  }));
}

/** Where certificates and accounts outlive releases; another directory's are others */
export const certificatesFolder = (acme: Acme, { facts, secrets, blueprint: { system } }: MachineInput): string =>
  `${stateFolder(system)}/acme/${shortHash(resolve(acme.directory, facts, secrets), 8)}`;

/** Where the authority's question is answered: nginx' own user reads it */
export const challengeFolder = (system: string): string => `${sourcesFolder(system)}/challenge`;
