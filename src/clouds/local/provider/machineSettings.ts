import { z } from 'zod';
import { rule } from './firewall.ts';
import { dockerName, placed, port } from './inputs.ts';

export const machineInputs = z.strictObject({
  ...placed,
  hostname: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and "-", at most 63'),
  /** Cloud-init user data, read at the first boot only */
  userData: z.string(),
  rules: z.array(rule),
  /** Ports published on this computer's loopback interface */
  publish: z.array(z.strictObject({ machinePort: port, hostPort: port })).default([]),
  /** Data disks: docker volumes by name, each mounted at a folder; they outlive the machine */
  disks: z.array(z.strictObject({ name: dockerName, folder: z.string().startsWith('/') })).default([]),
  memoryMb: z.int().min(256),
  cpus: z.number().positive(),
  /** Image with nftables, from which the firewall's helper containers run */
  firewallImage: z.string().min(1),
  /** Always true; a refresh sets it to false if the container is missing */
  exists: z.boolean(),
});

export type MachineInputs = z.infer<typeof machineInputs>;

/** Folder with the cloud's own programs inside a machine */
export const CLOUD_FOLDER = '/.cloud';

export const volumesOf = (name: string) => ({ docker: `${name}-docker`, cloud: `${name}-cloud` });

/**
 * Returns the docker container of a machine, which boots systemd, cloud-init, sshd and a nested docker without
 * `--privileged`
 */
export function machineContainer(inputs: MachineInputs, hostCpus: number) {
  const { name, hostname, network, address, aliases, image, publish, disks } = inputs;
  const volumes = volumesOf(name);
  const bindings = publish.map(({ machinePort, hostPort }) => [
    `${machinePort}/tcp`,
    [{ HostIp: '127.0.0.1', HostPort: String(hostPort) }],
  ]);
  return {
    Image: image,
    Hostname: hostname,
    Env: ['container=docker', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1'],
    // The firewall is loaded at every boot before the first program; if that fails, the machine does not start.
    // /proc/sys becomes writable because the nested docker sets sysctls of the machine's own network namespace. What is
    // mounted later reaches containers that have the machine's root, as on a machine that systemd booted outside a container
    Entrypoint: [
      '/bin/sh',
      '-c',
      `mount -o remount,bind,rw /proc/sys && mount --make-rshared / && ${CLOUD_FOLDER}/nft -f ${CLOUD_FOLDER}/firewall.nft && exec /entrypoint.sh`,
    ],
    Cmd: [],
    // Signal for an orderly shutdown of systemd, which ignores SIGTERM and would be killed after ten seconds
    StopSignal: 'SIGRTMIN+3',
    ExposedPorts: Object.fromEntries(bindings.map(([key]) => [key, {}])),
    HostConfig: {
      CapAdd: capabilities,
      SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
      DeviceCgroupRules: ['a *:* rwm'],
      CgroupnsMode: 'private',
      Tmpfs: { '/run': 'exec,mode=755', '/run/lock': '', '/tmp': 'exec,mode=1777' },
      Binds: [
        `${volumes.docker}:/var/lib/docker`,
        `${volumes.cloud}:${CLOUD_FOLDER}:ro`,
        ...disks.map((disk) => `${disk.name}:${disk.folder}`),
      ],
      PortBindings: Object.fromEntries(bindings),
      RestartPolicy: { Name: 'unless-stopped' },
      NetworkMode: network,
      ...machineSize(inputs, hostCpus),
    },
    NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: aliases } } },
  };
}

/** Returns the limits of a machine's container; CPUs are capped at those of this computer */
export function machineSize({ memoryMb, cpus }: MachineInputs, hostCpus: number) {
  const bytes = memoryMb * 1024 * 1024;
  return { Memory: bytes, MemorySwap: bytes, NanoCpus: Math.min(cpus, hostCpus) * 1e9 };
}

/** Capabilities that systemd and a nested docker need in addition to docker's defaults */
const capabilities = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'SYS_NICE', 'SYS_TIME', 'SYS_BOOT', 'MKNOD', 'LEASE'],
  ...['AUDIT_CONTROL', 'SETFCAP', 'MAC_ADMIN', 'SYSLOG', 'DAC_READ_SEARCH', 'IPC_LOCK'],
];
