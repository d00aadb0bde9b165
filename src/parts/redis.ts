import type { MachineOptions } from '../config/machineFields.ts';
import { type Cache, type Rule, redisPort } from '../model/blueprint.ts';
import type { Eviction } from '../model/eviction.ts';
import type { Container } from '../model/service.ts';
import { secret } from '../model/value.ts';
import { authorityFile, certificateFile, certificateKeyFile, serverFiles } from './certificates.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';

/**
 * Returns a shared Redis: the cloud's cache service, or a machine where the cloud has none. Clients learn from its
 * `CacheFacts` whether it uses TLS, and by which authority they check it
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
  const server = redis({ name, password, eviction, persistent, memoryMb, tls });
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
      services: [server],
      ...(tls && { certificate: { services: [server.name] } }),
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

interface Server {
  /** Of its role */
  name: string;
  password?: string | undefined;
  eviction: Eviction;
  persistent: boolean;
  memoryMb: number;
  tls: boolean;
}

/** Unprivileged user that does not exist on the machine */
const user = '10001:0';
const folder = '/etc/berth';

/** Share of the memory for data. Rewriting the append-only file takes memory in addition to them */
const dataShare = 0.7;

/** Redis in a container that is replaced, so that two never run on the same data */
const redis = ({ name, password, eviction, persistent, memoryMb, tls }: Server): Container => ({
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
      'network.conf': tls
        ? {
            template: 'redis/tls.conf',
            values: { certificate: certificateFile, key: certificateKeyFile, authority: authorityFile },
          }
        : { template: 'redis/plain.conf', values: {} },
      'start.sh': { template: 'redis/start.sh', values: {} },
      'version.sh': { template: 'redis/version.sh', values: {} },
    },
  },
  ...(tls && { secretFiles: serverFiles(name) }),
  ...(persistent ? onDisk : { mounts: [] }),
  rollout: 'replace',
  health: {
    command: ['sh', '-c', `[ "$(redis-cli ${tls ? `--tls --cacert ${authorityFile} ` : ''}ping)" = PONG ]`],
    deadlineSeconds: 60,
  },
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
