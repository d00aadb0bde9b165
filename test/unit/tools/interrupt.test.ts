import { expect, test, vi } from 'vitest';
import { interrupted, together } from '../../../tools/lib/interrupt.ts';

test('when one task fails the others are told to end and waited for', async () => {
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
  vi.resetModules();
  const fresh = await import('../../../tools/lib/interrupt.ts');
  const ended = new Promise((_, reject) => {
    fresh.interrupted.addEventListener('abort', () => reject(new Error('was interrupted')));
  });
  const slow = new Promise((resolve) => setTimeout(resolve, 50));
  const inner = fresh.together([Promise.reject(new Error('the reason')), slow]);
  await expect(fresh.together([ended, inner])).rejects.toThrow('the reason');
});
