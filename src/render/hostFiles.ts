import { adoptedHost } from '../model/adopted.ts';
import { dockerNetworks } from '../model/containerRange.ts';
import { isContainer } from '../model/service.ts';
import { failoverFiles } from './failover.ts';
import { figuresUnits } from './figuresUnits.ts';
import { firewall } from './firewall.ts';
import { jobUnits } from './jobUnits.ts';
import { hasContainers, type MachineInput } from './machine.ts';
import { messageOfTheDay } from './motd.ts';
import { engineCommand, mountFolder, nginxLogs, rulesFile } from './paths.ts';
import { proxyFiles } from './proxy.ts';
import { fileText, templateText } from './template.ts';
import { edgeLogs } from './traefik.ts';

/** A file of the machine, with the program that validates it and the one that activates it */
export interface HostFile {
  path: string;
  /** Octal, four digits */
  mode: string;
  content: string;
  check?: 'sshd' | 'firewall' | 'docker' | 'logrotate' | 'nginx' | 'address';
  activate?: 'systemd' | 'journal' | 'sysctl' | 'authorities' | 'docker' | 'firewall' | 'ssh' | 'nginx' | 'address';
}

/**
 * Returns the files of docker, the firewall, SSH and logs.
 * On an adopted machine docker and SSH keep their owner's configuration: changing docker's would restart other
 * containers, and the owner decides who may log in. The deploy key is authorised there already.
 * @param services hashes of the live definitions, by service name
 */
export function hostFiles(input: MachineInput, services: Readonly<Record<string, string>>): readonly HostFile[] {
  const files = allFiles(input, services);
  if (!adoptedHost(input.role, input.machine.index)) return files;
  return [...files.filter(({ path }) => !ofOthers.includes(path)), bridgesUnit(input.blueprint.system)];
}

/** Updates the firewall's docker bridges, which change with the owner's other containers */
const bridgesUnit = (system: string): HostFile => ({
  path: '/etc/systemd/system/berth-bridges.service',
  mode: '0644',
  content: templateText('systemd/berth-bridges.service', { command: engineCommand(system, 'bridges') }),
  activate: 'systemd',
});

const journalFile = '/etc/systemd/journald.conf.d/berth.conf';
const modulesFile = '/etc/modprobe.d/berth.conf';
const ofOthers = [
  ...['/etc/docker/daemon.json', journalFile, modulesFile],
  ...['/etc/berth/ssh/authorized_keys', '/etc/ssh/sshd_config.d/01-berth.conf'],
];

function allFiles(input: MachineInput, services: Readonly<Record<string, string>>): readonly HostFile[] {
  const system = input.blueprint.system;
  const docker: HostFile = {
    path: '/etc/docker/daemon.json',
    mode: '0644',
    content: dockerDaemon(input),
    check: 'docker',
    activate: 'docker',
  };
  const files: HostFile[] = [
    ...(hasContainers(input) ? [docker] : []),
    ...proxyFiles(input),
    {
      path: '/etc/systemd/system/berth-firewall.service',
      mode: '0644',
      content: fileText('systemd/berth-firewall.service'),
      activate: 'systemd',
    },
    {
      path: '/etc/systemd/system/nftables.service.d/berth.conf',
      mode: '0644',
      content: fileText('systemd/nftables.conf'),
      activate: 'systemd',
    },
    { path: journalFile, mode: '0644', content: fileText('systemd/journald.conf'), activate: 'journal' },
    { path: modulesFile, mode: '0644', content: fileText('host/modules.conf') },
    {
      path: rulesFile,
      mode: '0644',
      content: firewall(input),
      check: 'firewall',
      activate: 'firewall',
    },
    { path: '/etc/berth/ssh/authorized_keys', mode: '0644', content: authorizedKeys(input) },
    {
      path: '/etc/ssh/sshd_config.d/01-berth.conf',
      mode: '0600',
      content: templateText('ssh/berth.conf', { user: input.user }),
      check: 'sshd',
      activate: 'ssh',
    },
    { path: '/usr/local/sbin/berth', mode: '0755', content: fileText('host/berth.sh') },
    // Debian's sshd prints files in this folder after a login
    { path: `/etc/motd.d/berth-${system}`, mode: '0644', content: messageOfTheDay(input) },
    { path: `/etc/tmpfiles.d/berth-${system}.conf`, mode: '0644', content: formerLogs(input, services) },
  ];
  files.push(...kernelFile(input), ...jobUnits(input), ...figuresUnits(input), ...failoverFiles(input));
  const { edge } = input.role;
  if (!edge) return files;
  return [...files, ...rotation(edge.kind, system)];
}

/**
 * The kernel's settings. Traefik runs as an unprivileged user and listens on ports 80 and 443 of the host's network. Those of
 * other tenants' networks stay as their owner has them
 */
function kernelFile({ role, machine }: Pick<MachineInput, 'machine' | 'role'>): readonly HostFile[] {
  const ports =
    role.edge?.kind === 'traefik'
      ? '# The edge listens on 80 and 443, and is not root\nnet.ipv4.ip_unprivileged_port_start = 80'
      : '';
  const own = adoptedHost(role, machine.index) === undefined;
  const content = own ? templateText('host/sysctl.conf', { ports }) : `${ports}\n`;
  if (!own && ports === '') return [];
  return [{ path: '/etc/sysctl.d/berth.conf', mode: '0644', content, activate: 'sysctl' }];
}

/** How each edge reopens its logs, and the owner of a new log file where logrotate must create it */
const rotations = {
  traefik: (system: string) => ({
    folder: edgeLogs(system),
    reopen: `docker kill --signal USR1 ${system}-edge-traefik-1`,
    create: '',
  }),
  nginx: (system: string) => ({
    folder: nginxLogs(system),
    reopen: 'systemctl kill --kill-whom=main --signal=USR1 nginx.service',
    create: '  create 0640 www-data adm',
  }),
};

const rotation = (kind: 'traefik' | 'nginx', system: string): readonly HostFile[] => [
  {
    path: `/etc/logrotate.d/berth-${system}`,
    mode: '0644',
    content: templateText('host/logrotate.conf', rotations[kind](system)),
    check: 'logrotate',
  },
  {
    path: '/etc/systemd/system/logrotate.timer.d/berth.conf',
    mode: '0644',
    content: fileText('systemd/logrotate-hourly.conf'),
    activate: 'systemd',
  },
];

function dockerDaemon(input: Pick<MachineInput, 'containerRange' | 'plainRegistries'>): string {
  const settings = {
    'live-restore': true,
    // The kernel forwards published ports: docker's userland proxies, and connections through them, end when docker
    // stops
    'userland-proxy': false,
    // Default address of published ports: never reachable from outside
    ip: '127.0.0.1',
    // Docker's default ranges may overlap networks of operators or peers, whose connections would then get no answer
    ...dockerNetworks(input.containerRange),
    'no-new-privileges': true,
    'log-driver': 'json-file',
    'log-opts': { 'max-size': '10m', 'max-file': '3' },
    ...(input.plainRegistries.length > 0 && { 'insecure-registries': input.plainRegistries }),
  };
  return `${JSON.stringify(settings, null, 2)}\n`;
}

const authorizedKeys = (input: Pick<MachineInput, 'deployKey' | 'operators'>): string =>
  `${[input.deployKey, ...input.operators.sshPublicKeys].join('\n')}\n`;

/**
 * Returns the tmpfiles rules that delete logs of former releases after seven days; the application rotates those of the
 * live release
 */
function formerLogs(
  input: Pick<MachineInput, 'blueprint' | 'role'>,
  services: Readonly<Record<string, string>>,
): string {
  const lines = input.role.services.filter(isContainer).flatMap((service) =>
    service.mounts.flatMap((mount) => {
      if (mount.kind === 'host' || !mount.perRelease) return [];
      const folder = mountFolder(input.blueprint.system, mount);
      return [`x ${folder}/${services[service.name]}`, `e ${folder} - - - 7d`];
    }),
  );
  return templateText('host/tmpfiles.conf', { lines: lines.join('\n') });
}
