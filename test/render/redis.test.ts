import { chmodSync, chownSync, mkdirSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, expect, type TestContext, test } from 'vitest';
import { type Container, isContainer } from '../../src/model/service.ts';
import { type CacheMachineOptions, redisCache } from '../../src/parts/redis.ts';
import { redisFigures } from '../../src/parts/redisFigures.ts';
import { templateText } from '../../src/render/template.ts';
import {
  type Answer,
  containerName,
  docker,
  figuresOf,
  folderOf,
  type Image,
  least,
  ownContainer,
  removed,
  required,
  serviceImage,
  untilHealthy,
} from './docker.ts';
import { type Certified, certified, secretVolumes } from './secretFiles.ts';

// A real Redis, started and checked by the part's own commands, with the rights that a release gives it.

const name = containerName('redis');
let image: Image;
let certificates: Certified;
const data = join(folderOf({}), 'data');

beforeAll(async () => {
  [image, certificates] = await Promise.all([serviceImage(serverOf({}).image), certified('redis', 'redis')]);
});
afterAll(() => docker('rm', '--force', '--volumes', name));

const partOf = (options: Partial<CacheMachineOptions>) =>
  redisCache({ name: 'redis', calledBy: 'web', why: 'sessions', machine: { diskGb: 10, ...options } });

/** The Redis of a cache with these options */
function serverOf(options: Partial<CacheMachineOptions>) {
  const [cache] = partOf(options).caches ?? [];
  const service = cache?.inItsPlace.services.find(isContainer);
  if (!service) throw new Error('no Redis');
  return service;
}

/** Words of `docker run` on the test's data, as a release runs a Redis of these options */
function words(options: Partial<CacheMachineOptions>): readonly string[] {
  const server = serverOf(options);
  const { user, config, mounts } = server;
  const files = Object.entries(config?.files ?? {}).map(([file, one]) => [
    file,
    'template' in one ? templateText(one.template, one.values as Record<string, string>) : '',
  ]);
  const folders = mounts.map((mount) => `${data}:${mount.path}`);
  const volumes = [`${folderOf(Object.fromEntries(files))}:${config?.path}:ro`, ...folders];
  const bounds = [...least, '--network', 'none', '--user', user];
  return [
    ...bounds,
    ...volumes.flatMap((volume) => ['--volume', volume]),
    ...secretVolumes(server, certificates.facts),
  ];
}

/** An empty folder for data, or one with a file */
function dataOf(files: Readonly<Record<string, string>> = {}): void {
  rmSync(data, { recursive: true, force: true });
  mkdirSync(data);
  for (const [file, text] of Object.entries(files)) {
    writeFileSync(join(data, file), text);
    chownSync(join(data, file), 10001, 0);
  }
  chownSync(data, 10001, 0);
  chmodSync(data, 0o700);
}

const redis = async (...asked: string[]): Promise<string> =>
  (await docker('exec', name, 'redis-cli', ...asked)).output.trim();

/** Brings a Redis up on the test's data, once it is as healthy as its health check says */
async function up(context: TestContext, options: Partial<CacheMachineOptions> = {}): Promise<void> {
  const found = required(image, context);
  await removed(name);
  const { command = [], health } = serverOf(options);
  const made = await docker('run', '--detach', ...ownContainer('redis'), ...words(options), found, ...command);
  expect(made.code, made.output).toBe(0);
  await untilHealthy(name, health?.command, 60);
}

/** What a release checks before it changes anything */
const checked = (found: string): Promise<Answer> =>
  docker('run', ...ownContainer('redis-check'), ...words({}), found, ...(serverOf({}).check ?? []));

test('killed, it has every write that is a second old, and a snapshot when it was asked for one', async (context) => {
  dataOf();
  await up(context);
  expect(await redis('eval', "for n = 1, 1000 do redis.call('set', 'key' .. n, n) end return 1", '0')).toContain('1');
  await sleep(1500);
  await docker('kill', '--signal', 'KILL', name);
  await up(context);
  expect(await redis('dbsize')).toBe('1000');
  expect(await redis('config', 'get', 'save')).toContain('3600 1');
  expect(await redis('save')).toBe('OK');
  expect(readdirSync(data)).toContain('dump.rdb');
});

test('the next version takes over what a former one wrote, without a key lost', async (context) => {
  const write = (...parts: string[]) =>
    `*${parts.length}\r\n${parts.map((part) => `$${part.length}\r\n${part}\r\n`).join('')}`;
  // As Redis before 7 kept its data: one file of commands
  const former = [write('SELECT', '0'), ...Array.from({ length: 500 }, (_, n) => write('SET', `former${n}`, `${n}`))];
  dataOf({ 'appendonly.aof': former.join('') });
  expect((await checked(required(image, context))).code).toBe(0);
  await up(context);
  expect(await redis('dbsize')).toBe('500');
  expect(await redis('get', 'former499')).toBe('499');
});

test('data that a later version has written are refused before anything changes, and at each start', async (context) => {
  const found = required(image, context);
  dataOf();
  await up(context);
  await docker('stop', name);
  expect((await checked(found)).code).toBe(0);
  const folder = join(data, 'appendonlydir');
  const base = join(folder, readdirSync(folder).find((file) => file.endsWith('.base.rdb')) ?? '');
  const written = readFileSync(base, 'latin1');
  const of = (version: string) => written.replace(/redis-ver.\d+\.\d+\.\d+/s, `redis-ver\x05${version}`);
  writeFileSync(base, of('1.9.9'), 'latin1');
  expect((await checked(found)).code).toBe(0);
  writeFileSync(base, of('9.1.0'), 'latin1');
  const refusal = /the data on this disk are of Redis 9\.1, which \d+\.\d+ may not read: nothing was changed/;
  expect(await checked(found)).toMatchObject({ code: 1, output: expect.stringMatching(refusal) });
  const { command = [] } = serverOf({});
  const started = await docker('run', ...ownContainer('redis-later'), ...words({}), found, ...command);
  expect(started).toMatchObject({ code: 1, output: expect.stringMatching(refusal) });
});

const filled =
  "for n = 1, 9 do redis.call('set', 'f' .. redis.call('incr', 'n'), string.rep('x', 1048576)) end return 1";
const full = async () => {
  let last = '';
  for (let tries = 0; tries < 8; tries += 1) last = await redis('eval', filled, '0');
  return last;
};

test('full, it refuses more or makes room, as its options say', async (context) => {
  await up(context, { memoryMb: 64, persistent: false, eviction: 'noeviction' });
  expect(await full()).toContain('OOM command not allowed');
  await up(context, { memoryMb: 64, persistent: false, eviction: 'allkeys-lru' });
  expect(await full()).toBe('1');
  expect(Number(/evicted_keys:(\d+)/.exec(await redis('info', 'stats'))?.[1])).toBeGreaterThan(0);
});

test('whose data need not be kept, it writes nothing and is empty after a restart', async (context) => {
  dataOf();
  await up(context, { persistent: false });
  expect(await redis('set', 'key', 'value')).toBe('OK');
  await docker('restart', name);
  await untilHealthy(name, serverOf({ persistent: false }).health?.command, 60);
  expect(await redis('dbsize')).toBe('0');
  expect(readdirSync(data)).toEqual([]);
});

test('with TLS, a client that checks the certificate comes in, and none comes in without it', async (context) => {
  await up(context, { tls: true, persistent: false });
  const tls = ['--tls', '--cacert', '/etc/berth-tls/authority.crt'];
  expect(await redis(...tls, 'ping')).toBe('PONG');
  expect(await redis('ping')).not.toContain('PONG');
  expect(await redis('--tls', 'ping')).toContain('certificate verify failed');
});

test('its exporter checks the certificate by the authority that a release gives it', async (context) => {
  const found = required(await serviceImage(exporter().image), context);
  await up(context, { tls: true, persistent: false });
  const other = await certified('redis', 'redis');
  for (const [{ facts }, figure] of [
    [certificates, 'redis_up 1'],
    [other, 'redis_up 0'],
  ] as const) {
    const beside = ['run', '--detach', ...ownContainer('redis-exporter'), ...least, '--network', `container:${name}`];
    const told = [
      '--env',
      'REDIS_ADDR=rediss://127.0.0.1:6379',
      '--env',
      `SSL_CERT_DIR=${exporter().env.SSL_CERT_DIR}`,
    ];
    const given = secretVolumes(exporter(), { 'caches.redis.authority': facts['certificates.redis.authority'] ?? '' });
    const made = await docker(...beside, ...told, '--user', exporter().user, ...given, found);
    expect(made.code, made.output).toBe(0);
    expect(await figuresOf(containerName('redis-exporter'), 9121, /^redis_up \d$/m)).toMatch(
      new RegExp(`^${figure}$`, 'm'),
    );
  }
});

/** The exporter of a Redis with TLS, on the machine that watches */
function exporter(): Container {
  const { caches = [] } = partOf({ tls: true });
  const { roles } = redisFigures({ system: 'shop', caches }, { caches: false, balancers: false });
  const [service] = roles?.monitoring?.services ?? [];
  if (!service || !isContainer(service)) throw new Error('no exporter');
  return service;
}
