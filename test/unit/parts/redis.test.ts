import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cacheOptions } from '../../../src/config/cacheFields.ts';
import type { Cache } from '../../../src/model/blueprint.ts';
import { isContainer } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { type CacheMachineOptions, redisCache } from '../../../src/parts/redis.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { fileText, templateText } from '../../../src/render/template.ts';
import { machineInput } from '../render/fixtures.ts';

const machine = { size: 'small', diskGb: 10 };
const input = { name: 'sessions', calledBy: 'web', why: 'sessions', machine };

function cacheOf(password?: string): Cache {
  const [cache] = redisCache({ ...input, password }).caches ?? [];
  if (!cache) throw new Error('no cache');
  return cache;
}

function serviceOf(password?: string) {
  const [service] = cacheOf(password).inItsPlace.services;
  if (!service || !isContainer(service)) throw new Error('no container');
  return service;
}

test('has the name of its password, and none where applications know none', () => {
  expect(cacheOf('sessionsPassword')).toMatchObject({
    name: 'sessions',
    password: 'sessionsPassword',
    inItsPlace: { count: 1, size: 'small' },
  });
  expect(cacheOf()).not.toHaveProperty('password');
});

test('is replaced, never run twice on its data, which outlives it', () => {
  const { rollout, exposed, mounts } = serviceOf('p');
  expect({ rollout, exposed }).toEqual({ rollout: 'replace', exposed: 6379 });
  expect(mounts).toEqual([
    expect.objectContaining({ kind: 'data', path: '/data', readOnly: false, perRelease: false }),
  ]);
});

test('the password arrives by the environment alone', () => {
  const service = serviceOf('sessionsPassword');
  expect(service.env).toEqual({ REDISCLI_AUTH: secret('sessionsPassword') });
  const { entries } = bundle(machineInput({ services: [service], secrets: { sessionsPassword: 'hunter-2' } }));
  const lines = Object.entries(entries).flatMap(([path, text]) =>
    text.split('\n').map((line) => `${path}: ${line.trim()}`),
  );
  expect(lines.filter((line) => line.includes('hunter-2'))).toEqual([
    'base.yaml: REDISCLI_AUTH: "hunter-2"',
    'check.yaml: REDISCLI_AUTH: "hunter-2"',
    'secrets.json: "hunter-2"',
  ]);
  expect(serviceOf().env).toEqual({});
});

/** What the container's start writes before Redis starts, run by a real shell */
function usersOf(password: string | undefined): string {
  const script = fileText('redis/start.sh')
    .replace('sh /etc/berth/version.sh', 'true')
    .replace('>/tmp/users.acl', '')
    .replace('exec redis-server', 'true');
  const env = { PATH: process.env.PATH, ...(password !== undefined && { REDISCLI_AUTH: password }) };
  return execFileSync('sh', ['-c', script], { env, encoding: 'utf8' });
}

test('any password becomes the one line that asks for it', () => {
  const sha256 = (value: string) => createHash('sha256').update(value).digest('hex');
  fc.assert(
    fc.property(
      fc.string({ minLength: 1, unit: 'grapheme' }).filter((value) => !value.includes('\0')),
      (password) => {
        expect(usersOf(password)).toBe(`user default on #${sha256(password)} ~* &* +@all\n`);
      },
    ),
    { numRuns: 20 },
  );
});

test('without one, whoever the firewall lets in may use it', () => {
  expect(usersOf(undefined)).toBe('user default on nopass ~* &* +@all\n');
});

/** A configuration file of a Redis with these options */
function configured(name: string, options: Partial<CacheMachineOptions>): string {
  const { services } = replacing(options);
  const [service] = services;
  const file = service && isContainer(service) ? service.config?.files[name] : undefined;
  if (!file || !('template' in file)) throw new Error('no template');
  return templateText(file.template, file.values as Record<string, string>);
}

function replacing(options: Partial<CacheMachineOptions>) {
  const [cache] = redisCache({ ...input, machine: { ...machine, ...options } }).caches ?? [];
  if (!cache) throw new Error('no cache');
  return cache.inItsPlace;
}

test('its data take less memory than its container has, and leave as its options say when that is full', () => {
  const text = configured('redis.conf', { memoryMb: 1000, eviction: 'allkeys-lfu' });
  expect(text).toMatch(/^maxmemory 700mb$/m);
  expect(text).toMatch(/^maxmemory-policy allkeys-lfu$/m);
  expect(text).toMatch(/^protected-mode no$/m);
  expect(replacing({ memoryMb: 1000 }).services).toEqual([expect.objectContaining({ memoryMb: 1000 })]);
  const usual = configured('redis.conf', {});
  expect(usual).toMatch(/^maxmemory 358mb$/m);
  expect(usual).toMatch(/^maxmemory-policy volatile-lru$/m);
});

test('its data lie on a disk of their own where its options ask for one, and nowhere where they need not be kept', () => {
  expect(replacing({ volumeGb: 20 }).volume).toEqual({ sizeGb: 20 });
  expect(replacing({})).not.toHaveProperty('volume');
  expect(configured('data.conf', {})).toMatch(/^appendonly yes$/m);
  const [lost] = replacing({ persistent: false }).services;
  expect(lost).toMatchObject({ mounts: [] });
  expect(lost).not.toHaveProperty('check');
  expect(configured('data.conf', { persistent: false })).toMatch(/^appendonly no$/m);
});

test('a disk for data that are not kept is a mistake of the environment file', () => {
  expect(cacheOptions.safeParse({ volumeGb: 20 }).success).toBe(true);
  expect(cacheOptions.safeParse({ persistent: false, volumeGb: 20 }).error?.issues).toMatchObject([
    { path: ['volumeGb'], message: expect.stringContaining('remove one of the two') },
  ]);
});

test('whether this version can read the data is checked before a release changes anything', () => {
  expect(serviceOf()).toMatchObject({ check: ['sh', '/etc/berth/version.sh'], checksData: true });
});

test('with TLS it listens to nothing else, has a certificate of its own, and checks itself as a client does', () => {
  const text = configured('network.conf', { tls: true });
  expect(text).toMatch(/^port 0$/m);
  expect(text).toMatch(/^tls-port 6379$/m);
  const { services, certificate } = replacing({ tls: true });
  expect(certificate).toEqual({ services: ['redis'] });
  expect(services).toEqual([
    expect.objectContaining({
      secretFiles: {
        '/etc/berth-tls/server.crt': ref('certificates.sessions.certificate'),
        '/etc/berth-tls/server.key': ref('certificates.sessions.key'),
        '/etc/berth-tls/authority.crt': ref('certificates.sessions.authority'),
      },
      health: expect.objectContaining({
        command: ['sh', '-c', '[ "$(redis-cli --tls --cacert /etc/berth-tls/authority.crt ping)" = PONG ]'],
      }),
    }),
  ]);
  expect(configured('network.conf', {})).toMatch(/^port 6379$/m);
  expect(replacing({})).not.toHaveProperty('certificate');
});

test('its rule says whether what passes can be read', () => {
  const [encrypted] = redisCache({ ...input, machine: { ...machine, tls: true } }).rules ?? [];
  expect(encrypted).toMatchObject({ to: 'sessions', port: 6379, encrypted: true });
  expect(redisCache(input).rules?.[0]).not.toHaveProperty('encrypted');
});

test('TLS for an application that supports only a host and a port is a mistake of the environment file', () => {
  expect(cacheOptions.safeParse({ tls: true }).success).toBe(true);
  expect(cacheOptions.safeParse({ tls: true, auth: false }).error?.issues).toMatchObject([
    { path: ['tls'], message: expect.stringContaining('only a host and a port') },
  ]);
});

test('where another one takes over, three machines have a Redis and a Sentinel each, which know all and their own address', () => {
  const { count, services, certificate } = replacing({ failover: true, tls: true });
  expect([count, services.map(({ name }) => name)]).toEqual([3, ['redis', 'sentinel']]);
  expect(certificate).toEqual({ services: ['redis', 'sentinel'] });
  const cli = ['--tls', '--cacert', '/etc/berth-tls/authority.crt'];
  expect(services).toMatchObject([
    {
      command: ['sh', '/etc/berth/member.sh', ...cli],
      exposed: 6379,
      rollout: 'replace',
      // The next machine is released once this one is the master or has all of its data
      health: { command: ['sh', '-c', `redis-cli ${cli.join(' ')} role | grep -qxE 'master|connected'`] },
    },
    {
      command: ['sh', '/etc/berth/sentinel.sh', ...cli],
      exposed: 26379,
      rollout: 'replace',
      mounts: [{ kind: 'data' }],
    },
  ]);
  const address = (index: number) => ref(`machines.sessions.${index}.privateAddress` as const);
  for (const service of services.filter(isContainer))
    expect(service.env).toMatchObject({
      OWN: ref('own.privateAddress'),
      MEMBERS: { parts: [address(0), ' ', address(1), ' ', address(2)] },
    });
});
