import { expect, test } from 'vitest';
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
