import { redisPort } from '../model/blueprint.ts';
import { ownAddress } from '../model/facts.ts';
import { addressesOf, sentinelPort } from '../model/sentinels.ts';
import type { Container } from '../model/service.ts';
import { ref, secret, type Value } from '../model/value.ts';
import { authorityFile, certificateFile, certificateKeyFile, serverFiles } from './certificates.ts';

/** What the Redis of a role and its Sentinel have in common */
export interface Member {
  /** Of the role */
  name: string;
  /** Machines of the role, where one of them takes over when the master fails. @default one machine alone */
  count?: number | undefined;
  password?: string | undefined;
  tls: boolean;
}

/** Unprivileged user that does not exist on the machine */
export const user = '10001:0';
export const folder = '/etc/berth';

/** Words of redis-cli for a server with TLS, or without */
export const cliWords = ({ tls }: Pick<Member, 'tls'>): readonly string[] =>
  tls ? ['--tls', '--cacert', authorityFile] : [];

/** Environment of a member; redis-cli reads the first of these variables too */
export const memberEnv = ({ name, count, password }: Member): Record<string, Value> => ({
  ...(password !== undefined && { REDISCLI_AUTH: secret(password) }),
  ...(count !== undefined && { OWN: ref(ownAddress), MEMBERS: addressesOf(name, count, ' ') }),
});

/** The file that says how it listens, and the files of its certificate */
export const network = ({ tls }: Member, port: number) => ({
  'network.conf': tls
    ? {
        template: 'redis/tls.conf',
        values: { port: `${port}`, certificate: certificateFile, key: certificateKeyFile, authority: authorityFile },
      }
    : { template: 'redis/plain.conf', values: { port: `${port}` } },
});

const asked = (member: Member, port: number, command: string): string =>
  ['redis-cli', ...cliWords(member), ...(port === redisPort ? [] : ['-p', `${port}`]), command].join(' ');

/** The check that it answers, as a client asks it */
const answers = (member: Member, port: number): NonNullable<Container['health']> => ({
  command: ['sh', '-c', `[ "$(${asked(member, port, 'ping')})" = PONG ]`],
  deadlineSeconds: 60,
});

/** The check of a Redis. One of several is well as the master, or in step with it: the next machine is released after that */
export const redisHealth = (member: Member): NonNullable<Container['health']> =>
  member.count === undefined
    ? answers(member, redisPort)
    : {
        command: ['sh', '-c', `${asked(member, redisPort, 'role')} | grep -qxE 'master|connected'`],
        deadlineSeconds: 300,
      };

/**
 * Returns the Sentinel of a member: two of them agree that the master is gone, and which replica is the next one. What it
 * has learned outlives restarts and releases
 */
export const sentinel = (member: Member): Container => ({
  kind: 'container',
  name: 'sentinel',
  image: redisImage,
  command: ['sh', `${folder}/sentinel.sh`, ...cliWords(member)],
  env: memberEnv(member),
  port: sentinelPort,
  exposed: sentinelPort,
  calls: [],
  config: {
    path: folder,
    files: {
      ...network(member, sentinelPort),
      'master.sh': { template: 'redis/master.sh', values: {} },
      'sentinel.sh': { template: 'redis/sentinel.sh', values: {} },
    },
  },
  ...(member.tls && { secretFiles: serverFiles(member.name) }),
  mounts: [{ kind: 'data', name: 'sentinel', path: '/data', readOnly: false, perRelease: false, owner: user }],
  rollout: 'replace',
  health: answers(member, sentinelPort),
  memoryMb: 64,
  cpus: 0.25,
  user,
  stopSeconds: 10,
});

export const redisImage = 'docker.io/library/redis:7.4.6';
