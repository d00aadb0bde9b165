import { execFileSync, spawnSync } from 'node:child_process';
import { chmodSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import fc from 'fast-check';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { adoptCommand, convergeCommand, readyCommand } from '../../../src/hosts/commands.ts';
import { quoted } from '../../../src/render/quoted.ts';

let folder: string;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-commands-'));
});
afterAll(() => rmSync(folder, { recursive: true }));

test('a shell reads quoted text as exactly that text', () => {
  const text = fc.string({ unit: fc.constantFrom(...'\'"\\$`!* \n;&|<>()aé') });
  fc.assert(
    fc.property(text, (value) => {
      expect(execFileSync('sh', ['-c', `printf %s ${quoted(value)}`]).toString()).toBe(value);
    }),
    { numRuns: 60 },
  );
});

test('a machine that is ready says what it is', () => {
  const { status, stdout } = ready({ sudo: 'shift; exec "$@"', 'cloud-init': 'exit 0' });
  expect(status).toBe(0);
  expect(stdout).toMatch(/^.+, \d+ cpus, \d+ MB\n$/);
});

test('a machine that recovered from something at its boot is ready too', () => {
  expect(ready({ sudo: 'shift; exec "$@"', 'cloud-init': 'exit 2' })).toMatchObject({ status: 0 });
});

test('a machine whose boot failed is not ready, and shows why', () => {
  const failing = 'case $* in *--long) echo the disk is gone;; *) exit 1;; esac';
  expect(ready({ sudo: 'shift; exec "$@"', 'cloud-init': failing })).toMatchObject({
    status: 1,
    stderr: 'the disk is gone\n',
  });
});

test('a user who may not administer is named, with where that is allowed', () => {
  expect(ready({ sudo: 'exit 1', 'cloud-init': 'exit 0' })).toMatchObject({
    status: 1,
    stderr: "user o'ps may not use sudo without a password: allow it in /etc/sudoers.d\n",
  });
});

test('the command of a release is one line of ASCII, short enough to be read in every failure', () => {
  expect(convergeCommand).toMatch(/^[ -~]+$/);
  expect(convergeCommand.length).toBeLessThan(900);
});

test('on a machine that somebody made, the way to administer it is looked for before anything is sent', () => {
  const adopt = adoptCommand("o'ps");
  expect(adopt.endsWith(convergeCommand)).toBe(true);
  const run = (programs: Record<string, string>) => withPrograms(programs, adopt);
  expect(run({ sudo: 'exit 1' })).toMatchObject({
    status: 1,
    stderr: expect.stringContaining("user o'ps may not use sudo"),
  });
  rmSync(join(folder, 'sudo'));
  expect(withPrograms({}, adopt, folder)).toMatchObject({
    status: 1,
    stderr: 'sudo is missing on this machine: apt-get install sudo\n',
  });
});

/** Runs the command that waits for a machine, where these programs are the machine's own */
const ready = (programs: Record<string, string>) => withPrograms(programs, readyCommand("o'ps"));

function withPrograms(
  programs: Record<string, string>,
  command: string,
  path = `${folder}:${process.env.PATH}`,
): { status: number | null; stdout: string; stderr: string } {
  for (const [name, script] of Object.entries(programs)) {
    writeFileSync(join(folder, name), `#!/bin/sh\n${script}\n`);
    chmodSync(join(folder, name), 0o755);
  }
  const { status, stdout, stderr } = spawnSync('/bin/sh', ['-c', command], { env: { PATH: path }, encoding: 'utf8' });
  return { status, stdout, stderr };
}
