import type { CacheMachineOptions } from '../config/cacheFields.ts';
import { type Cache, redisPort } from '../model/blueprint.ts';
import type { Eviction } from '../model/eviction.ts';
import type { Container } from '../model/service.ts';
import { secret } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';

/**
 * Returns a shared Redis: the cloud's cache service, or a machine where the cloud has none
 * @param password name of the secret with its password; absent for applications that support only a host and a port
 * @param acceptFormerPassword whether the cloud's cache also accepts the previous password
 * @param machine the size of the cloud's cache, or the machine that replaces it, and what becomes of its data
 */
export function redisCache({ name, calledBy, why, password, acceptFormerPassword, machine }: Input): Contribution {
  const { eviction = 'volatile-lru', persistent = true, memoryMb = 512, volumeGb } = machine;
  const cache: Cache = {
    name,
    ...(password && { password }),
    ...(acceptFormerPassword && { acceptFormerPassword }),
    ...{ eviction, persistent },
    inItsPlace: {
      ...machinesAsked(machine, {
        address: 'public',
        ...(volumeGb !== undefined && { volume: { sizeGb: volumeGb } }),
      }),
      services: [redis({ password, eviction, persistent, memoryMb })],
    },
  };
  return { caches: [cache], rules: [{ from: { role: calledBy }, to: name, port: redisPort, protocol: 'tcp', why }] };
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

interface Server {
  password?: string | undefined;
  eviction: Eviction;
  persistent: boolean;
  memoryMb: number;
}

/** Unprivileged user that does not exist on the machine */
const user = '10001:0';
const folder = '/etc/berth';

/** Share of the memory for data. Rewriting the append-only file takes memory in addition to them */
const dataShare = 0.7;

/** Redis in a container that is replaced, so that two never run on the same data */
const redis = ({ password, eviction, persistent, memoryMb }: Server): Container => ({
  kind: 'container',
  name: 'redis',
  image: 'docker.io/library/redis:7.4.6',
  command: ['sh', `${folder}/start.sh`],
  // redis-cli reads this variable too
  env: password === undefined ? {} : { REDISCLI_AUTH: secret(password) },
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
      'data.conf': { template: persistent ? 'redis/kept.conf' : 'redis/lost.conf', values: {} },
      'start.sh': { template: 'redis/start.sh', values: {} },
      'version.sh': { template: 'redis/version.sh', values: {} },
    },
  },
  ...(persistent ? onDisk : { mounts: [] }),
  rollout: 'replace',
  health: { command: ['sh', '-c', '[ "$(redis-cli ping)" = PONG ]'], deadlineSeconds: 60 },
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
