import { spawnSync } from 'node:child_process';
import { mkdirSync, mkdtempSync, readdirSync, writeFileSync } from 'node:fs';
import { hostname, tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { dropDeadLocks } from '../../../src/pulumi/stateLock.ts';

test('the lock of a killed engine goes; those of running ones and of other machines stay', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-state-'));
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\n');
  const locks = join(folder, 'state/.pulumi/locks/organization/shop/local');
  mkdirSync(locks, { recursive: true });
  const dead = spawnSync('true').pid;
  const lock = (name: string, pid: number, host: string): void =>
    writeFileSync(
      join(locks, name),
      JSON.stringify({ pid, username: 'me', hostname: host, timestamp: '2026-01-01T00:00:00Z' }),
    );
  lock('dead.json', dead, hostname());
  lock('running.json', process.pid, hostname());
  lock('elsewhere.json', dead, 'another-machine');

  await dropDeadLocks({ stack: 'local', folder, project: folder });

  expect(readdirSync(locks).sort()).toEqual(['elsewhere.json', 'running.json']);
});
