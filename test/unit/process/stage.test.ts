import { existsSync, mkdtempSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { runLogged } from '../../../src/process/stage.ts';

const silent = { log: () => undefined };

test('a program gives its standard output, and logs both streams', async () => {
  const lines: string[] = [];
  const output = await runLogged('sh', ['-c', 'cat; echo problem >&2'], {
    input: 'a\nb',
    log: (line) => lines.push(line),
  });
  expect(output).toBe('a\nb\n');
  expect(lines.sort()).toEqual(['a', 'b', 'problem']);
});

test('a program that fails says which, how, and its last 20 lines', async () => {
  const failure = runLogged('sh', ['-c', 'seq 1 30; exit 3'], silent);
  await expect(failure).rejects.toThrow(/failed with exit code 3\n11\n(\d+\n)+30$/);
});

test('a program that is not installed is named', async () => {
  await expect(runLogged('no-such-program', [], silent)).rejects.toThrow(
    'no-such-program is not installed or not on PATH',
  );
});

test('a program that takes too long is ended with its children', async () => {
  const trace = join(mkdtempSync(join(tmpdir(), 'berth-stage-')), 'trace');
  const script = '(sleep 0.8; touch "$0") & wait';
  const failure = runLogged('sh', ['-c', script, trace], { ...silent, timeoutSeconds: 0.3 });
  await expect(failure).rejects.toThrow('took longer than 0.3 s');
  await sleep(900);
  expect(existsSync(trace)).toBe(false);
});

test('an aborted program gets one interrupt, and time to end in order', async () => {
  const controller = new AbortController();
  const lines: string[] = [];
  const script = 'trap "echo tidied up; exit 0" INT; echo ready; while :; do sleep 0.05; done';
  const run = runLogged('bash', ['-c', script], {
    log: (line) => {
      lines.push(line);
      if (line === 'ready') controller.abort();
    },
    signal: controller.signal,
  });
  await expect(run).rejects.toThrow('was interrupted');
  expect(lines).toEqual(['ready', 'tidied up']);
});
