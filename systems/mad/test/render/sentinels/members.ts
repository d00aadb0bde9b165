import { chmodSync, chownSync, mkdirSync, rmSync } from 'node:fs';
import { join } from 'node:path';
import { newAuthority, signedBy } from '../../../../../src/clouds/local/provider/openssl.ts';
import { onMachines } from '../../../../../src/model/inPlace.ts';
import { type Container, isContainer } from '../../../../../src/model/service.ts';
import { type Facts, resolve } from '../../../../../src/model/value.ts';
import { templateText } from '../../../../../src/render/template.ts';
import { environment } from '../../../../../test/environment.ts';
import {
  containerName,
  docker,
  folderOf,
  given,
  type Image,
  least,
  ownContainer,
  removed,
  serviceImage,
  untilHealthy,
} from '../../../../../test/render/docker.ts';
import { secretVolumes } from '../../../../../test/render/secretFiles.ts';
import mad from '../../../system.ts';
import { roleIn } from '../../redisRole.ts';
import { secrets } from '../scene.ts';

const machine = { size: 'small', diskGb: 10 };

/** A container of a role, as Mad declares it with three machines of Redis and TLS */
export function service(role: string, name: string): Container {
  const options = mad.options.parse({
    ...{ version: 'v1.0.0', domains: { api: 'api.mad.localhost', web: 'mad.localhost' }, contact: 'ops@example.org' },
    ...{ api: machine, balancer: machine, web: machine, client: machine },
    redis: { ...machine, tls: true, failover: true },
  });
  const { roles } = onMachines(mad.blueprint(options, environment), { caches: false, balancers: false });
  const found = roles[role]?.services.find((one) => one.name === name);
  if (!found || !isContainer(found)) throw new Error(`no container ${name} of ${role}`);
  return found;
}

/** The machines of the Redis by their number, each a container with a network of its own for its services */
export interface Members {
  image: Image;
  facts: Facts;
  network: string;
  /** Words of redis-cli that ask a Sentinel beside */
  sentinelCli: readonly string[];
  container(service: string, index: number): string;
  /** Starts what is not running, and waits until it is healthy */
  up(index: number): Promise<void>;
  /** Takes the power from a machine; what is on its disk stays */
  kill(index: number): Promise<void>;
  /** Empties a machine's disk */
  forget(index: number): Promise<void>;
  /** Replaces Redis and its Sentinel as a release does */
  release(index: number): Promise<void>;
  /** Returns `master`, `replica` for one that follows it, or something else */
  role(index: number): Promise<string>;
  /** Returns whether the Sentinel of a machine knows both replicas and both other Sentinels: then one can take over */
  knowsAll(index: number): Promise<boolean>;
  /** Returns how many keys it has that do not end by themselves */
  keys(index: number): Promise<number>;
  remove(): Promise<void>;
}

const names = ['redis', 'sentinel'] as const;

export async function members(): Promise<Members> {
  const network = containerName('members');
  const subnet = `10.231.${process.pid % 250}`;
  await docker('network', 'create', '--subnet', `${subnet}.0/24`, network);
  const addresses = [0, 1, 2].map((index) => `${subnet}.${index + 11}`);
  const authority = await newAuthority('mad-authority');
  const pair = await signedBy(authority, 'mad-redis', { names: ['redis'], addresses: [...addresses, '127.0.0.1'] });
  const known = { ...pair, authority: authority.certificate };
  const facts = Object.fromEntries([
    ...addresses.map((address, index) => [`machines.redis.${index}.privateAddress`, address]),
    ...Object.entries(known).map(([kind, text]) => [`certificates.redis.${kind}`, text]),
  ]);
  const image = await serviceImage(service('redis', 'redis').image);
  const folder = folderOf({});
  const container = (name: string, index: number) => containerName(`${name}-${index}`);
  const isUp = async (name: string) => (await docker('inspect', name)).code === 0;
  const cli = ['redis-cli', '--tls', '--cacert', '/etc/berth-tls/authority.crt'];
  const asked = async (index: number, ...words: string[]) =>
    (await docker('exec', container('redis', index), ...cli, ...words)).output.trim();

  async function start(name: (typeof names)[number], index: number): Promise<void> {
    if (!('reference' in image) || (await isUp(container(name, index)))) return;
    const own = service('redis', name);
    const data = join(folder, `${name}-${index}`);
    mkdirSync(data, { recursive: true });
    chownSync(data, 10001, 0);
    chmodSync(data, 0o700);
    const all = { ...facts, 'own.privateAddress': addresses[index] ?? '' };
    const place = ['--detach', ...ownContainer(`${name}-${index}`), ...least, '--user', own.user];
    const beside = ['--network', `container:${container('machine', index)}`, '--volume', `${data}:/data`];
    const config = ['--volume', `${configOf(own)}:${own.config?.path}:ro`, ...secretVolumes(own, all)];
    const env = given(variablesOf(own, all));
    await ran(...place, ...beside, ...config, ...env, image.reference, ...(own.command ?? []));
  }

  async function up(index: number): Promise<void> {
    if (!('reference' in image)) return;
    const place = [
      '--detach',
      ...ownContainer(`machine-${index}`),
      '--network',
      network,
      '--ip',
      addresses[index] ?? '',
    ];
    if (!(await isUp(container('machine', index))))
      await ran(...place, '--entrypoint', 'sleep', image.reference, 'infinity');
    for (const name of names) await start(name, index);
    for (const name of names) await untilHealthy(container(name, index), service('redis', name).health?.command);
  }

  return {
    ...{ image, facts, network, container, up, sentinelCli: [...cli, '-p', '26379'] },
    async kill(index) {
      const all = [...names, 'machine'].map((name) => container(name, index));
      await docker('kill', ...all);
      for (const name of all) await removed(name);
    },
    async forget(index) {
      for (const name of names) rmSync(join(folder, `${name}-${index}`), { recursive: true, force: true });
    },
    async release(index) {
      for (const name of names) {
        await docker('stop', container(name, index));
        await removed(container(name, index));
      }
      await up(index);
    },
    role: async (index) => roleIn(await asked(index, '--raw', 'role')),
    async knowsAll(index) {
      const told = (await asked(index, '--raw', '-p', '26379', 'sentinel', 'master', 'main')).split('\n');
      return ['num-slaves', 'num-other-sentinels'].every((name) => told[told.indexOf(name) + 1] === '2');
    },
    async keys(index) {
      const [, keys, expires] = /keys=(\d+),expires=(\d+)/.exec(await asked(index, '--raw', 'info', 'keyspace')) ?? [];
      return Number(keys) - Number(expires);
    },
    async remove() {
      await docker('rm', '--force', containerName('writer'));
      for (const index of [0, 1, 2])
        for (const name of [...names, 'machine']) await docker('rm', '--force', '--volumes', container(name, index));
      await docker('network', 'rm', network);
    },
  };
}

async function ran(...words: string[]): Promise<void> {
  const { code, output } = await docker('run', ...words);
  if (code !== 0) throw new Error(output);
}

const configOf = ({ config }: Container): string =>
  folderOf(
    Object.fromEntries(
      Object.entries(config?.files ?? {}).map(([file, one]) => [
        file,
        'template' in one ? templateText(one.template, one.values as Record<string, string>) : '',
      ]),
    ),
  );

/** Values of a container's variables */
export const variablesOf = ({ env }: Container, facts: Facts): Record<string, string> =>
  Object.fromEntries(Object.entries(env).map(([name, value]) => [name, resolve(value, facts, secrets)]));
