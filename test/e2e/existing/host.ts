import { connect } from 'node:net';
import { imageTag } from '../../../src/clouds/local/images/keys.ts';
import type { PreparedImages } from '../../../src/clouds/local/images/plan.ts';
import { machineRecipe as fullMachine, receivers } from '../../../src/clouds/local/images/recipes.ts';
import { registryData } from '../../../src/clouds/local/images/store.ts';
import { machineContainer, machineInputs } from '../../../src/clouds/local/provider/machineSettings.ts';
import { registryName } from '../../../src/clouds/local/registryName.ts';
import { eventually } from '../client.ts';
import { run } from '../stack.ts';

/** A machine that was made without berth, with two other programs: one as a service, one in a container */
export interface TenantHost {
  address: string;
  /** Address of this computer, as the machine sees it */
  gateway: string;
  hostKey: string;
  user: string;
  /** Runs a script as root, without SSH */
  inside(script: string): Promise<string>;
  /** Returns whether a TCP connection from this computer is accepted */
  answers(port: number): Promise<boolean>;
  /** Restarts it and waits until it is up */
  reboot(): Promise<void>;
  remove(): Promise<void>;
}

export const user = 'ada';
/** Ports of the other programs: a service, and a container's published port */
export const tenantPorts = { program: 9999, container: 9998 };

export interface HostOptions {
  /** Image that the machine boots from. @default that of local machines */
  image?: string;
  /** Port of the SSH server. @default 22 */
  sshPort?: number;
  /** Production images that are loaded. @default those of one version of Basegun */
  loaded?: RegExp;
  /** Whether other programs run on it. @default true */
  shared?: boolean;
}

/**
 * Makes the machine: SSH keys, a user with sudo, docker with its own settings
 * @param name of containers and network
 * @param images that are loaded beforehand, since no registry here serves the production names
 */
export async function tenantHost(
  name: string,
  deployKey: string,
  images: PreparedImages,
  { image = machineImage, sshPort, loaded = needed, shared = true }: HostOptions = {},
): Promise<TenantHost> {
  const registry = `${name}-registry`;
  const remove = async (): Promise<void> => {
    await docker('rm', '--force', '--volumes', name, registry);
    await docker('volume', 'rm', '--force', `${name}-docker`);
    await docker('network', 'rm', name);
  };
  await docker('network', 'create', name);
  try {
    const [registryHost = ''] = registryName.split(':');
    const data = ['--volume', `${registryData()}:/var/lib/registry`];
    await docker('run', '--detach', '--name', registry, '--network', name, ...data, registryImage);
    await docker(
      'run',
      '--detach',
      '--name',
      name,
      '--hostname',
      name,
      '--network',
      name,
      // The machine's nftables.service removes the rules of docker's DNS
      ...['--add-host', `${registryHost}:${await addressOf(registry, '{{.IPAddress}}')}`],
      ...bootWords(name),
      image,
    );
    const inside = (script: string) => docker('exec', name, 'bash', '-euc', script);
    const booted = () =>
      eventually(
        60,
        () => inside('systemctl is-system-running --wait || true'),
        (state) => /^(running|degraded)$/.test(state),
      );
    const [address, gateway] = [await addressOf(name, '{{.IPAddress}}'), await addressOf(name, '{{.Gateway}}')];
    await booted();
    await inside(setUp(deployKey, sshPort));
    await inside(
      Object.entries(images.images)
        .filter(([production]) => loaded.test(production))
        .map(pulled)
        .join('\n'),
    );
    if (shared) await inside(tenants);
    return {
      address,
      gateway,
      user,
      hostKey: await inside('cut -d " " -f 1,2 /etc/ssh/ssh_host_ed25519_key.pub'),
      inside,
      answers: (port) => answers(address, port),
      async reboot() {
        await docker('restart', '--time', '60', name);
        await booted();
      },
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns an address of a container in its only network */
const addressOf = (container: string, template: '{{.IPAddress}}' | '{{.Gateway}}') =>
  docker('inspect', '--format', `{{range .NetworkSettings.Networks}}${template}{{end}}`, container);

const machineImage = imageTag(fullMachine);
const registryImage = imageTag(receivers.registry);
const needed = /basegun-(backend|frontend):3\.3\.0|traefik|filebeat/;

/** Options of `docker run` with which a container boots as a machine, without the local cloud's firewall */
function bootWords(name: string): readonly string[] {
  const place = { name, hostname: name, network: name, address: '192.0.2.20', aliases: [], image: machineImage };
  const rest = {
    userData: '',
    rules: [],
    memoryMb: 2048,
    cpus: 2,
    firewallImage: machineImage,
    exists: true,
    running: true,
  };
  const { HostConfig } = machineContainer(machineInputs.parse({ ...place, ...rest }), 2);
  return [
    ...HostConfig.CapAdd.flatMap((capability) => ['--cap-add', capability]),
    ...HostConfig.SecurityOpt.flatMap((option) => ['--security-opt', option]),
    ...HostConfig.DeviceCgroupRules.flatMap((rule) => ['--device-cgroup-rule', rule]),
    ...Object.entries(HostConfig.Tmpfs).flatMap(([path, options]) => [
      '--tmpfs',
      options ? `${path}:${options}` : path,
    ]),
    ...['--cgroupns', 'private', '--stop-signal', 'SIGRTMIN+3', '--volume', `${name}-docker:/var/lib/docker`],
    ...['--env', 'container=docker', '--env', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'],
  ];
}

const setUp = (deployKey: string, sshPort: number | undefined): string => `
ssh-keygen -A >/dev/null
useradd --create-home --shell /bin/bash ${user}
echo '${user} ALL=(ALL) NOPASSWD:ALL' >/etc/sudoers.d/${user}
install -d -m 0700 -o ${user} -g ${user} /home/${user}/.ssh
echo '${deployKey}' >/home/${user}/.ssh/authorized_keys
printf 'PasswordAuthentication no\\nPerSourcePenalties no\\n${sshPort === undefined ? '' : `Port ${sshPort}\\n`}' >/etc/ssh/sshd_config.d/50-own.conf
systemctl restart ssh
mkdir -p /etc/docker
systemctl enable --quiet --now nftables.service
echo '{ "insecure-registries": ["${registryName}"] }' >/etc/docker/daemon.json
systemctl restart docker
timeout 60 bash -c 'until docker version >/dev/null 2>&1; do sleep 0.2; done'`;

const pulled = ([production, stored]: [string, string]): string =>
  `docker pull --quiet ${stored}; docker tag ${stored} ${production}`;

const tenants = `
printf '[Service]\\nExecStart=/usr/bin/python3 -m http.server ${tenantPorts.program} --bind ::\\n[Install]\\nWantedBy=multi-user.target\\n' >/etc/systemd/system/tenant.service
systemctl enable --quiet --now tenant.service
docker network create --opt com.docker.network.bridge.name=tenants tenants >/dev/null
ip link add lan0 type bridge
docker run --quiet --detach --restart always --name tenant --network tenants --publish ${tenantPorts.container}:8080 --entrypoint python3 \\
  ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0 -m http.server 8080 >/dev/null`;

const answers = (address: string, port: number): Promise<boolean> =>
  new Promise((resolve) => {
    const socket = connect({ host: address, port, timeout: 10_000 });
    const end = (open: boolean) => () => {
      socket.destroy();
      resolve(open);
    };
    socket.on('connect', end(true)).on('error', end(false)).on('timeout', end(false));
  });

async function docker(...words: string[]): Promise<string> {
  const { code, output } = await run('docker', words, process.env);
  if (code !== 0) throw new Error(`docker ${words.join(' ')}\n${output}`);
  return output.trim();
}
