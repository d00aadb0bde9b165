import type { MachineOptions } from '../config/machineFields.ts';
import { type Cache, redisPort } from '../model/blueprint.ts';
import type { Container } from '../model/service.ts';
import { type SecretName, secret } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { machinesAsked } from './machines.ts';

/**
 * A Redis that machines share, the cloud's own or a machine in its place
 * @param password the secret that is its password, by name; none for applications that know only a host and a port
 * @param acceptFormerPassword whether the cloud's own cache accepts the password before the last change too
 * @param machine the size of the cloud's own, or the machine that stands in its place
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
  /** The role that reads and writes it, and why */
  calledBy: string;
  why: string;
  password?: string | undefined;
  acceptFormerPassword?: boolean | undefined;
  machine: MachineOptions;
}

/** Nobody on the host */
const user = '10001:0';
const memoryMb = 512;

/** What it holds survives its restarts and its releases: every write goes to a file */
const redis = (password: SecretName | undefined): Container => ({
  kind: 'container',
  name: 'redis',
  image: 'docker.io/library/redis:7.4.6',
  command: ['sh', '-c', `${password ? passwordRequired : everybody} && exec redis-server /etc/berth/redis.conf`],
  // By this name redis-cli finds it too
  env: password ? { REDISCLI_AUTH: password } : {},
  port: redisPort,
  exposed: redisPort,
  calls: [],
  config: {
    path: '/etc/berth',
    // A rewrite of the file of writes takes memory beside the data
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

/** Redis asks for a password by its hash, so that it stands in no file and on no command line (printf is the shell's own) */
const passwordRequired =
  'echo "user default on #$(printf %s "$REDISCLI_AUTH" | sha256sum | cut -c -64) ~* &* +@all" >/tmp/users.acl';
const everybody = 'echo "user default on nopass ~* &* +@all" >/tmp/users.acl';
