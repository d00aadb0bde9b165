import { mkdtempSync, readFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { createProgress, duration } from '../../../src/process/progress.ts';

function recorded(isTTY: boolean) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-progress-'));
  const written: string[] = [];
  const progress = createProgress(folder, { isTTY, columns: 60, write: (text) => written.push(text) });
  return { folder, progress, text: () => written.join('') };
}

test('a stage that ends is shown with its time, and its lines lie in its log', async () => {
  const { folder, progress, text } = recorded(false);
  const run = async (log: (line: string) => void): Promise<number> => {
    log('compiling');
    return 7;
  };
  expect(await progress.run({ name: 'log receiver', run })).toBe(7);
  expect(text()).toMatch(/^✓ log receiver +0\.\d s\n$/);
  expect(readFileSync(join(folder, 'log-receiver.log'), 'utf8')).toBe('compiling\n');
});

test('a stage that fails shows its last lines and where the whole log lies, and its error names it', async () => {
  const { folder, progress, text } = recorded(false);
  const run = async (log: (line: string) => void): Promise<void> => {
    for (let line = 1; line <= 40; line++) log(`line ${line}`);
    throw new Error('no space left');
  };
  await expect(progress.run({ name: 'engine', run })).rejects.toThrow('engine: no space left');
  expect(text()).toContain('✗ engine');
  expect(text()).toContain('    line 40\n');
  expect(text()).not.toContain('    line 20\n');
  expect(text()).toContain(join(folder, 'engine.log'));
  expect(readFileSync(join(folder, 'engine.log'), 'utf8')).toContain('line 1\n');
});

test('a terminal has one live line that never wraps and is gone at the end', async () => {
  const { progress, text } = recorded(true);
  const run = async (log: (line: string) => void): Promise<void> => {
    log('x'.repeat(200));
    progress.say('said meanwhile');
  };
  await progress.run({ name: 'docker', run });
  const eraseLine = '\r\u001b[2K';
  const drawn = text().split(eraseLine);
  expect(drawn.every((line) => line.length < 60)).toBe(true);
  expect(text().endsWith(eraseLine)).toBe(true);
  expect(text()).toContain('said meanwhile\n');
});

test.each([
  [0.04, '0.0 s'],
  [9.94, '9.9 s'],
  [9.96, '10 s'],
  [59.6, '1 min 0 s'],
  [173, '2 min 53 s'],
])('%f seconds read %s', (seconds, text) => {
  expect(duration(seconds)).toBe(text);
});
