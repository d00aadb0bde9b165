import { expect, test } from 'vitest';
import { pauseAfter } from '../../../src/hosts/rolling.ts';

test('a batch waits for the rest of the pause after the last release before it, and not where none went before', () => {
  let now = 1000;
  const pause = pauseAfter(30, () => now);
  expect(pause.left()).toBe(0);
  pause.begin();
  now += 10_000;
  expect(pause.left()).toBe(20_000);
  pause.begin();
  expect(pause.left()).toBe(30_000);
  now += 60_000;
  expect(pause.left()).toBe(0);
});
