import { type Rule, rule } from '../../render/hardening/rules.ts';

/** A rule that what docker says of every container must fit */
const everyContainer = (id: string, wants: string, format: string, fits: string, why?: string): Rule =>
  machine(id, wants, `! docker inspect --format '${format}' $(docker ps --quiet) | grep -vxP '${fits}'`, why);

const machine = (id: string, wants: string, probe: string, why?: string): Rule =>
  rule(`CIS Docker ${id}`, wants, probe, why);

const mode = (path: string, modes: string): string => `stat -c '%a %U:%G' ${path} | grep -qxE '${modes}'`;

/** Rules of CIS Docker 1.7 for an engine and its containers, asked of a machine that runs a release */
export const dockerRules: readonly Rule[] = [
  {
    id: 'CIS Docker 1.1.1',
    wants: "docker's files have a partition of their own",
    why: "a local machine has one; on a cloud's disk images, logs and builds have limits of their own",
  },
  machine('1.1.2', 'nobody but root controls docker', '[ -z "$(getent group docker | cut -d: -f4)" ]'),
  machine(
    '1.1.3',
    'what is done to docker is audited',
    'auditctl -l | grep -q dockerd',
    'only root and sudo reach docker; each use of sudo is in the journal, each release in the record',
  ),
  machine(
    '2.2',
    'containers of the default bridge do not reach each other',
    `[ "$(docker network inspect bridge --format '{{index .Options "com.docker.network.bridge.enable_icc"}}')" = false ]`,
    'no container is in it (5.30)',
  ),
  machine('2.3', 'the engine logs at level info', '! grep -q log-level /etc/docker/daemon.json'),
  machine(
    '2.5',
    'no registry in clear',
    '! grep -q insecure-registries /etc/docker/daemon.json',
    "that of this computer's machines alone, in a network of its own; no environment file can name one",
  ),
  machine(
    '2.7',
    'the engine listens on no TCP port',
    '! tr "\\0" " " </proc/$(pidof dockerd)/cmdline | grep -q tcp: && ! grep -q hosts /etc/docker/daemon.json',
  ),
  machine(
    '2.9',
    'users of containers are others on the machine',
    "docker info --format '{{.SecurityOptions}}' | grep userns",
    'they are not root in the container either (4.1); files of data would belong to other numbers on each machine',
  ),
  machine('2.14', 'containers gain no rights', 'grep -q no-new-privileges /etc/docker/daemon.json'),
  machine('2.15', 'containers outlive the engine', '[ "$(docker info --format \'{{.LiveRestoreEnabled}}\')" = true ]'),
  machine('2.16', 'no proxy in user space', 'grep -q \'"userland-proxy": false\' /etc/docker/daemon.json'),
  machine('3.15', "the engine's socket is root's and its group's", mode('/var/run/docker.sock', '660 root:docker')),
  machine('3.17', "the engine's settings are root's", mode('/etc/docker/daemon.json', '(600|644) root:root')),
  everyContainer('4.1', 'a user that is not root', '{{.Config.User}}', '[1-9][0-9]*(:[0-9]+)?'),
  {
    id: 'CIS Docker 5.2',
    wants: 'an AppArmor profile',
    why: "docker's own, where the kernel has AppArmor, as Debian's has",
  },
  everyContainer('5.4', 'no capabilities', '{{.HostConfig.CapDrop}} {{.HostConfig.CapAdd}}', '\\[ALL\\] \\[\\]'),
  everyContainer('5.5', 'not privileged', '{{.HostConfig.Privileged}}', 'false'),
  everyContainer(
    '5.6',
    "none of the machine's own folders is mounted",
    '{{range .Mounts}}{{.Source}} {{end}}',
    '((/[^ /]+){3,} )*',
  ),
  everyContainer(
    '5.8',
    'no ports below 1024 are published',
    '{{range .HostConfig.PortBindings}}{{range .}}{{.HostPort}} {{end}}{{end}}',
    '([0-9]{4,} )*',
  ),
  everyContainer(
    '5.10',
    "not the machine's network",
    '{{.HostConfig.NetworkMode}}',
    '(?!host).*',
    "the edge alone, which so sees visitors' own addresses; the firewall keeps its user from the cloud's metadata",
  ),
  everyContainer('5.11', 'a limit of memory', '{{.HostConfig.Memory}}', '[1-9][0-9]*'),
  everyContainer(
    '5.12',
    'a share of the processors',
    '{{.HostConfig.CpuShares}}',
    '[1-9][0-9]*',
    "the edge alone, which has docker's own share, that of one processor",
  ),
  everyContainer('5.13', 'a root file system that is only read', '{{.HostConfig.ReadonlyRootfs}}', 'true'),
  everyContainer(
    '5.14',
    'ports are published on one address',
    '{{range .HostConfig.PortBindings}}{{range .}}{{.HostIp}} {{end}}{{end}}',
    '([0-9.]*[1-9][0-9.]* )*',
  ),
  everyContainer(
    '5.15',
    'started again at most five times',
    '{{.HostConfig.RestartPolicy.MaximumRetryCount}}',
    '[1-5]',
    'what makes it fall may last longer than five starts; it then comes back by itself, and falls are an alert',
  ),
  everyContainer('5.16', "not the machine's processes", '{{.HostConfig.PidMode}}', ''),
  everyContainer('5.17', "not the machine's shared memory", '{{.HostConfig.IpcMode}}', '(private|none)?'),
  everyContainer('5.18', "none of the machine's devices", '{{.HostConfig.Devices}}', '\\[\\]'),
  everyContainer(
    '5.20',
    'what is mounted in it stays in it',
    '{{range .Mounts}}{{.Propagation}} {{end}}',
    '(r?private | )*',
  ),
  everyContainer('5.21', "not the machine's name", '{{.HostConfig.UTSMode}}', ''),
  everyContainer('5.22', "docker's seccomp profile", '{{.HostConfig.SecurityOpt}}', '[^=]*'),
  everyContainer('5.26', 'no rights are gained', '{{.HostConfig.SecurityOpt}}', '.*no-new-privileges.*'),
  everyContainer(
    '5.27',
    'its health is looked at',
    '{{if .Config.Healthcheck}}yes{{end}}',
    'yes',
    'the edge and the log shipper answer nobody about it; every release asks the edge itself, and alerts watch both',
  ),
  everyContainer('5.29', 'a limit of processes', '{{.HostConfig.PidsLimit}}', '[1-9][0-9]*'),
  everyContainer('5.30', 'not on the default bridge', '{{.HostConfig.NetworkMode}}', '(?!(default|bridge)$).*'),
  everyContainer('5.31', 'a user namespace of the engine', '{{.HostConfig.UsernsMode}}', ''),
  everyContainer('5.32', "not docker's socket", '{{range .Mounts}}{{.Source}} {{end}}', '(?!.*docker\\.sock).*'),
];
