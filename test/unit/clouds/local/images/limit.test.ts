import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { limit } from '../../../../../src/clouds/local/images/limit.ts';

test('no more tasks run at once than allowed, and they start in order', async () => {
  const inTurn = limit(2);
  const started: number[] = [];
  let running = 0;
  let most = 0;
  const task = (number: number) => async () => {
    started.push(number);
    running += 1;
    most = Math.max(most, running);
    await sleep(5);
    running -= 1;
    return number;
  };
  expect(await Promise.all([1, 2, 3, 4, 5].map((number) => inTurn(task(number))))).toEqual([1, 2, 3, 4, 5]);
  expect(started).toEqual([1, 2, 3, 4, 5]);
  expect(most).toBe(2);
});

test('a task that fails gives its place to the next', async () => {
  const inTurn = limit(1);
  const failing = inTurn(() => Promise.reject(new Error('no')));
  const next = inTurn(async () => 'done');
  await expect(failing).rejects.toThrow('no');
  expect(await next).toBe('done');
  expect(await inTurn(async () => 'later')).toBe('later');
});
