import { capabilities } from '../provider/machineSettings.ts';

export interface NodeInputs {
  network: string;
  address: string;
  image: string;
  /** Image that holds pods' networks */
  pause: string;
  /** Volumes by their folders */
  volumes: Readonly<Record<string, string>>;
  /** Name of a node without a control plane. @default the first node, which has one */
  worker?: string;
}

/** Port of the cluster's API on the node's address */
export const apiPort = 6443;

/** Port of a name server that gives the node's address for every name */
export const everyNamePort = 5300;

/** Volumes of one node by their folders: container engines need a file system below them that is not an overlay */
export const ownVolumes = (name: string): Record<string, string> => ({
  '/var/lib/containerd': `${name}-containerd`,
  '/var/lib/kubelet': `${name}-kubelet`,
});

/** What pods keep, by its folder: the same on all nodes, so that a pod that moves finds its data, as on a cloud's disks */
export const sharedVolumes = (firstName: string): Record<string, string> => ({
  '/tmp/hostpath_pv': `${firstName}-volumes`,
});

/** Name of the first node in the cluster */
export const firstNode = 'node';

const controlPlane = ['etcd', 'kube-apiserver', 'kube-controller-manager', 'kube-scheduler'];

/** What a node does before systemd starts */
const before = (worker: boolean): string =>
  [
    'mount -o remount,bind,rw /proc/sys',
    'mount --make-rshared /',
    'echo "$PAUSE" >/etc/kubernetes/pause',
    ...(worker ? [`rm -f ${controlPlane.map((name) => `/etc/kubernetes/arguments/${name}`).join(' ')}`] : []),
    'exec /entrypoint.sh',
  ].join(' && ');

/** Returns the docker container of a node, which boots systemd as a local machine does, without `--privileged` */
export const nodeContainer = ({ network, address, image, pause, volumes, worker }: NodeInputs) => ({
  Image: image,
  Hostname: worker ?? firstNode,
  Env: ['container=docker', 'SYSTEMD_CGROUP_ENABLE_LEGACY_FORCE=1', `PAUSE=${pause}`],
  Entrypoint: ['/bin/sh', '-c', before(worker !== undefined)],
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
    Binds: Object.entries(volumes).map(([folder, volume]) => `${volume}:${folder}`),
    RestartPolicy: { Name: 'unless-stopped' },
    NetworkMode: network,
  },
  NetworkingConfig: {
    // The API finds a node by its name
    EndpointsConfig: { [network]: { IPAMConfig: { IPv4Address: address }, Aliases: [worker ?? firstNode] } },
  },
});
