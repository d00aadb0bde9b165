import { z } from 'zod';
import { rule } from './firewall.ts';
import { dockerName, placed, port } from './inputs.ts';

export const machineInputs = z.strictObject({
  ...placed,
  hostname: z.string().regex(/^[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?$/, 'lower-case letters, digits and "-", at most 63'),
  /** Cloud-init's, read at the first boot and never again. */
  userData: z.string(),
  rules: z.array(rule),
  /** On this machine's loopback alone. */
  publish: z.array(z.strictObject({ machinePort: port, hostPort: port })).default([]),
  /** Data disks by the docker volume's name, each mounted in a folder of the machine; the machine's end leaves them. */
  disks: z.array(z.strictObject({ name: dockerName, folder: z.string().startsWith('/') })).default([]),
  memoryMb: z.int().min(256),
  cpus: z.number().positive(),
  /** An image that has nftables, from which the cloud's firewall works. */
  firewallImage: z.string().min(1),
  /** Always true; a refresh that finds no container says false. */
  exists: z.boolean(),
});

export type MachineInputs = z.infer<typeof machineInputs>;

/** Where the cloud's own programs are found inside a machine. */
export const CLOUD_FOLDER = '/.cloud';

export const volumesOf = (name: string) => ({ docker: `${name}-docker`, cloud: `${name}-cloud` });

/** The docker container that boots systemd, cloud-init, sshd and a docker of its own, without `--privileged`. */
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
    // The firewall stands before the machine's first program, at every boot; without it the machine does not start
    // Docker sets what its networks need of the kernel, in a network of the machine's own
    Entrypoint: [
      '/bin/sh',
      '-c',
      `mount -o remount,bind,rw /proc/sys && ${CLOUD_FOLDER}/nft -f ${CLOUD_FOLDER}/firewall.nft && exec /entrypoint.sh`,
    ],
    Cmd: [],
    // Systemd's word for an orderly stop; on SIGTERM it does nothing and is killed after ten seconds
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

/** A machine may be larger than the one it stands on: it gets what there is. */
export function machineSize({ memoryMb, cpus }: MachineInputs, hostCpus: number) {
  const bytes = memoryMb * 1024 * 1024;
  return { Memory: bytes, MemorySwap: bytes, NanoCpus: Math.min(cpus, hostCpus) * 1e9 };
}

/** What systemd and a nested docker need beyond docker's own default. */
const capabilities = [
  ...['SYS_ADMIN', 'NET_ADMIN', 'NET_RAW', 'SYS_PTRACE', 'SYS_NICE', 'SYS_TIME', 'SYS_BOOT', 'MKNOD', 'LEASE'],
  ...['AUDIT_CONTROL', 'SETFCAP', 'MAC_ADMIN', 'SYSLOG', 'DAC_READ_SEARCH', 'IPC_LOCK'],
];
