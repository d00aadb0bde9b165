import { capabilities } from '../provider/machineSettings.ts';

export interface NodeInputs {
  name: string;
  network: string;
  address: string;
  image: string;
  /** Image that holds pods' networks */
  pause: string;
}

/** Port of the cluster's API on the node's address */
export const apiPort = 6443;

/** Port of a name server that gives the node's address for every name */
export const everyNamePort = 5300;

/** Volumes of a node by their folders: container engines need a file system below them that is not an overlay */
export const nodeVolumes = (name: string): Record<string, string> => ({
  '/var/lib/containerd': `${name}-containerd`,
  '/var/lib/kubelet': `${name}-kubelet`,
  '/tmp/hostpath_pv': `${name}-volumes`,
});

/** Returns the docker container of a node, which boots systemd as a local machine does, without `--privileged` */
export const nodeContainer = ({ name, network, address, image, pause }: NodeInputs) => ({
  Image: image,
  Hostname: 'node',
  Env: ['container=docker', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1', `PAUSE=${pause}`],
  Entrypoint: [
    '/bin/sh',
    '-c',
    'mount -o remount,bind,rw /proc/sys && mount --make-rshared / && echo "$PAUSE" >/etc/kubernetes/pause && exec /entrypoint.sh',
  ],
  Cmd: [],
  StopSignal: 'SIGRTMIN+3',
  HostConfig: {
    CapAdd: capabilities,
    SecurityOpt: ['seccomp=unconfined', 'apparmor=unconfined'],
    DeviceCgroupRules: ['a *:* rwm'],
    // The kubelet reads the kernel's messages, and does not start without
    Devices: [{ PathOnHost: '/dev/kmsg', PathInContainer: '/dev/kmsg', CgroupPermissions: 'rwm' }],
    CgroupnsMode: 'private',
    Tmpfs: { '/run': 'exec,mode=755', '/run/lock': '' },
    Binds: Object.entries(nodeVolumes(name)).map(([folder, volume]) => `${volume}:${folder}`),
    RestartPolicy: { Name: 'unless-stopped' },
    NetworkMode: network,
  },
  NetworkingConfig: { EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address } } } },
});
