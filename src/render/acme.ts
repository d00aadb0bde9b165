import type { EdgeTls } from '../model/edge.ts';
import type { ForwardProxy } from '../model/proxy.ts';
import { resolve } from '../model/value.ts';
import { shortHash } from './hash.ts';
import type { HostFile } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { configFolder, sourcesFolder, stateFolder } from './paths.ts';
import { trustedBy } from './proxy.ts';
import { quoted } from './quoted.ts';
import { templateText } from './template.ts';

type Acme = Extract<EdgeTls, { kind: 'acme' }>;

/** Files for Debian's dehydrated and the timer that runs it daily; its hook activates a renewed certificate at once */
export function certificateFiles(
  acme: Acme,
  domains: readonly string[],
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'proxy' | 'secrets'>,
): readonly HostFile[] {
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
    // One certificate for all names, stored under the system's name
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

/** curl options for dehydrated; with a proxy, curl trusts the machine's own authorities as well as those of the file */
const curlOptions = (proxy: ForwardProxy | undefined, trusted: string): string =>
  [
    ...(trusted ? [`--cacert ${trusted}`] : []),
    ...(proxy ? [`--capath /etc/ssl/certs --proxy ${proxy.url} --noproxy ${proxy.exceptFor.join(',')}`] : []),
  ].join(' ');

/** A systemd service and timer for an edge's certificates; `calendar` and `delay` are systemd expressions */
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

/** Folder of ACME certificates and accounts, which outlive releases; each ACME directory has its own */
export const certificatesFolder = (
  acme: Acme,
  { facts, secrets, blueprint: { system } }: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
): string => `${stateFolder(system)}/acme/${shortHash(resolve(acme.directory, facts, secrets), 8)}`;

/** Folder of ACME challenge files, which nginx's user can read */
export const challengeFolder = (system: string): string => `${sourcesFolder(system)}/challenge`;
