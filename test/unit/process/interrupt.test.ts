import { afterEach, expect, test, vi } from 'vitest';

// Once something has failed, everything in the process is told to end: each test has an interrupt of its own
const fresh = () => import('../../../src/process/interrupt.ts');
afterEach(() => vi.resetModules());

test('when one task fails the others are told to end and waited for', async () => {
  const { interrupted, together } = await fresh();
  let hasEnded = false;
  const other = new Promise<void>((resolve) => {
    interrupted.addEventListener('abort', () => {
      hasEnded = true;
      resolve();
    });
  });
  await expect(together([Promise.reject(new Error('broken')), other])).rejects.toThrow('broken');
  expect(hasEnded).toBe(true);
});

test('what failed first is told, not what was ended because of it', async () => {
  const { interrupted, together } = await fresh();
  const ended = new Promise((_, reject) => {
    interrupted.addEventListener('abort', () => reject(new Error('was interrupted')));
  });
  const slow = new Promise((resolve) => setTimeout(resolve, 50));
  const inner = together([Promise.reject(new Error('the reason')), slow]);
  await expect(together([ended, inner])).rejects.toThrow('the reason');
});
