import type { MachineOptions } from '../config/machineFields.ts';
import { type Cache, type Rule, redisPort } from '../model/blueprint.ts';
import type { Eviction } from '../model/eviction.ts';
import { sentinelMachines } from '../model/sentinels.ts';
import type { Container } from '../model/service.ts';
import { serverFiles } from './certificates.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';
import {
  cliWords,
  folder,
  type Member,
  memberEnv,
  network,
  redisHealth,
  redisImage,
  sentinel,
  user,
} from './redisMembers.ts';

/**
 * Returns a shared Redis: the cloud's cache service, or a machine where the cloud has none. Clients learn from its
 * `CacheFacts` whether it uses TLS, by which authority they check it, and whom they ask for the master where machines take
 * over from each other
 * @param password name of the secret with its password; absent for applications that support only a host and a port
 * @param acceptFormerPassword whether the cloud's cache also accepts the previous password
 * @param machine the size of the cloud's cache, or the machine that replaces it, and what becomes of its data
 */
export function redisCache({ name, calledBy, why, password, acceptFormerPassword, machine }: Input): Contribution {
  const {
    eviction = 'volatile-lru',
    persistent = true,
    failover = false,
    memoryMb = 512,
    volumeGb,
    tls = false,
  } = machine;
  const count = failover ? (machine.hosts?.length ?? sentinelMachines) : undefined;
  const member: Member = { name, count, password, tls };
  const server = redis({ ...member, eviction, persistent, memoryMb });
  const services = count === undefined ? [server] : [server, sentinel(member)];
  const cache: Cache = {
    name,
    ...(password && { password }),
    ...(acceptFormerPassword && { acceptFormerPassword }),
    ...{ eviction, persistent },
    ...(failover && { failover }),
    ...(tls && { tls }),
    inItsPlace: {
      ...machinesAsked(machine, {
        address: 'public',
        ...(volumeGb !== undefined && { volume: { sizeGb: volumeGb } }),
      }),
      ...(count !== undefined && { count }),
      services,
      ...(tls && { certificate: { services: services.map((service) => service.name) } }),
    },
  };
  const rule: Rule = { from: { role: calledBy }, to: name, port: redisPort, protocol: 'tcp', why };
  return { caches: [cache], rules: [{ ...rule, ...(tls && { encrypted: true }) }] };
}

/** Options of the machine that replaces a cloud's cache, and of its data; defaults are those of `fields.cache` */
export interface CacheMachineOptions extends MachineOptions {
  memoryMb?: number;
  eviction?: Eviction;
  persistent?: boolean;
  failover?: boolean;
  volumeGb?: number;
  tls?: boolean;
}

interface Input {
  name: string;
  /** Role that connects to it, and the reason of the rule */
  calledBy: string;
  why: string;
  password?: string | undefined;
  acceptFormerPassword?: boolean | undefined;
  machine: CacheMachineOptions;
}

interface Server extends Member {
  eviction: Eviction;
  persistent: boolean;
  memoryMb: number;
}

/** Share of the memory for data. Rewriting the append-only file takes memory in addition to them */
const dataShare = 0.7;

/** Redis in a container that is replaced, so that two never run on the same data */
const redis = ({ eviction, persistent, memoryMb, ...member }: Server): Container => ({
  kind: 'container',
  name: 'redis',
  image: redisImage,
  command:
    member.count === undefined ? ['sh', `${folder}/start.sh`] : ['sh', `${folder}/member.sh`, ...cliWords(member)],
  env: memberEnv(member),
  port: redisPort,
  exposed: redisPort,
  calls: [],
  config: {
    path: folder,
    files: {
      'redis.conf': {
        template: 'redis/redis.conf',
        values: { dataMb: `${Math.round(memoryMb * dataShare)}`, eviction },
      },
      [member.count === undefined ? 'data.conf' : 'disk.conf']: {
        template: persistent ? 'redis/kept.conf' : 'redis/lost.conf',
        values: {},
      },
      ...network(member, redisPort),
      'start.sh': { template: 'redis/start.sh', values: {} },
      'version.sh': { template: 'redis/version.sh', values: {} },
      ...(member.count !== undefined && {
        'master.sh': { template: 'redis/master.sh', values: {} },
        'data.conf': { template: 'redis/member.conf', values: {} },
        'member.sh': { template: 'redis/member.sh', values: {} },
      }),
    },
  },
  ...(member.tls && { secretFiles: serverFiles(member.name) }),
  ...(persistent ? onDisk : { mounts: [] }),
  rollout: 'replace',
  health: redisHealth(member),
  memoryMb,
  cpus: 1,
  user,
  stopSeconds: 30,
});

/** Data that restarts and releases keep, and the check that this version of Redis can read them */
const onDisk: Pick<Container, 'mounts' | 'check' | 'checksData'> = {
  mounts: [{ kind: 'data', name: 'redis', path: '/data', readOnly: false, perRelease: false, owner: user }],
  check: ['sh', `${folder}/version.sh`],
  checksData: true,
};
