import type { MachineOptions } from '../config/machineFields.ts';
import { type Cache, redisPort } from '../model/blueprint.ts';
import type { Container } from '../model/service.ts';
import { type SecretName, secret } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';

/**
 * Returns a shared Redis: the cloud's cache service, or a machine where the cloud has none
 * @param password name of the secret with its password; absent for applications that support only a host and a port
 * @param acceptFormerPassword whether the cloud's cache also accepts the previous password
 * @param machine the size of the cloud's cache, or the machine that replaces it
 */
export function redisCache({ name, calledBy, why, password, acceptFormerPassword, machine }: Input): Contribution {
  const cache: Cache = {
    name,
    ...(password && { password }),
    ...(acceptFormerPassword && { acceptFormerPassword }),
    inItsPlace: {
      ...machinesAsked(machine, { address: 'public' }),
      services: [redis(password === undefined ? undefined : secret(password))],
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
  machine: MachineOptions;
}

/** Unprivileged user that does not exist on the machine */
const user = '10001:0';
const memoryMb = 512;

/** Redis with persistent data: every write is appended to a file, which restarts and releases keep */
const redis = (password: SecretName | undefined): Container => ({
  kind: 'container',
  name: 'redis',
  image: 'docker.io/library/redis:7.4.6',
  command: ['sh', '-c', `${password ? passwordRequired : everybody} && exec redis-server /etc/berth/redis.conf`],
  // redis-cli reads this variable too
  env: password ? { REDISCLI_AUTH: password } : {},
  port: redisPort,
  exposed: redisPort,
  calls: [],
  config: {
    path: '/etc/berth',
    // Rewriting the append-only file takes memory in addition to the data
    files: { 'redis.conf': { template: 'redis/redis.conf', values: { dataMb: `${Math.round(memoryMb * 0.7)}` } } },
  },
  mounts: [{ kind: 'data', name: 'redis', path: '/data', readOnly: false, perRelease: false, owner: user }],
  rollout: 'replace',
  health: { command: ['sh', '-c', '[ "$(redis-cli ping)" = PONG ]'], deadlineSeconds: 60 },
  memoryMb,
  cpus: 1,
  user,
  stopSeconds: 30,
});

/**
 * Configures Redis with the password's hash, so that the password is in no file and on no command line (printf is a
 * shell built-in)
 */
const passwordRequired =
  'echo "user default on #$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -c -64) ~* &* +@all" >/tmp/users.acl';
const everybody = 'echo "user default on nopass ~* &* +@all" >/tmp/users.acl';
