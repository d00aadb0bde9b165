import { spawnSync } from 'node:child_process';
import { existsSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { withLock } from '../../../src/process/lock.ts';

const newLock = (): string => join(mkdtempSync(join(tmpdir(), 'berth-lock-')), 'build.lock');
const silent = (): undefined => undefined;

test('two tasks under one lock run one after the other, and the second says that it waits', async () => {
  const lock = newLock();
  const steps: string[] = [];
  const lines: string[] = [];
  const task = (name: string, meanwhile: () => void) => async () => {
    steps.push(`${name} starts`);
    meanwhile();
    await sleep(100);
    steps.push(`${name} ends`);
  };
  let second: Promise<void> | undefined;
  const follow = () => {
    second = withLock(lock, (line) => lines.push(line), task('second', silent));
  };
  await withLock(lock, silent, task('first', follow));
  await second;
  expect(steps).toEqual(['first starts', 'first ends', 'second starts', 'second ends']);
  expect(lines).toHaveLength(1);
  expect(existsSync(lock)).toBe(false);
});

test('a lock that a killed process left does not block', async () => {
  const lock = newLock();
  writeFileSync(lock, String(spawnSync('true').pid));
  expect(await withLock(lock, silent, async () => 'ran')).toBe('ran');
});

test('a task that fails frees its lock', async () => {
  const lock = newLock();
  await expect(withLock(lock, silent, () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  expect(existsSync(lock)).toBe(false);
});
