import { execFileSync } from 'node:child_process';
import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Cache } from '../../../src/model/blueprint.ts';
import { isContainer } from '../../../src/model/service.ts';
import { secret } from '../../../src/model/value.ts';
import { redisCache } from '../../../src/parts/redis.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { templateText } from '../../../src/render/template.ts';
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
    'secrets.json: "hunter-2"',
  ]);
  expect(serviceOf().env).toEqual({});
});

/** What the container's command writes before Redis starts, run by a real shell */
function usersOf(password: string | undefined): string {
  const [shell = '', ...words] = serviceOf(password === undefined ? undefined : 'p').command ?? [];
  const command = words
    .join('\n')
    .replace('-c\n', '')
    .replace('>/tmp/users.acl', '>&1')
    .replace('exec redis-server', 'true');
  const env = { PATH: process.env.PATH, ...(password !== undefined && { REDISCLI_AUTH: password }) };
  return execFileSync(shell, ['-c', command], { env, encoding: 'utf8' });
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

test('keeps every write, and less in memory than its container has', () => {
  const { config, memoryMb } = serviceOf();
  const file = config?.files['redis.conf'];
  if (!file || !('template' in file)) throw new Error('no template');
  const text = templateText(file.template, file.values as Record<string, string>);
  expect(text).toMatch(/^appendonly yes$/m);
  expect(text).toMatch(/^protected-mode no$/m);
  expect(Number(/^maxmemory (\d+)mb$/m.exec(text)?.[1])).toBeLessThan(memoryMb);
});
