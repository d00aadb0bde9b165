import { type ChildProcess, spawn } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { text } from 'node:stream/consumers';
import { afterEach, beforeEach, expect, test } from 'vitest';
import type { ContainerStep } from '../../../../src/model/job.ts';
import { groupsOf } from '../../../../src/render/cluster/streaming.ts';
import { fileText } from '../../../../src/render/template.ts';

let scratch: string;
const begun: ChildProcess[] = [];
beforeEach(() => {
  scratch = mkdtempSync(join(tmpdir(), 'berth-steps-'));
});
afterEach(() => {
  // With what they have begun, where a test has failed
  for (const { pid } of begun.splice(0)) if (pid !== undefined) endGroup(pid);
  rmSync(scratch, { recursive: true, force: true });
});

function endGroup(pid: number): void {
  try {
    process.kill(-pid, 'SIGKILL');
  } catch {
    // It has ended
  }
}

/** Starts all steps at once, as the containers of a pod are; returns their codes and what they wrote */
async function ran(...steps: (readonly [streams: boolean, script: string])[]): Promise<[number | null, string][]> {
  const script = join(scratch, 'step.sh');
  writeFileSync(
    script,
    fileText('cluster/step.sh').replaceAll('/scratch', scratch).replace('patience=60', 'patience=4'),
  );
  const groups = groupsOf(steps.map(([streams]) => ({ streams }) as ContainerStep));
  const under = steps.map(async ([, words], index): Promise<[number | null, string]> => {
    const at = groups.findIndex((group) => group.includes(index + 1));
    const env = {
      ...{ PATH: process.env.PATH, S: scratch, STEP: `${index + 1}` },
      ...{ TOGETHER: groups[at]?.join(' '), AFTER: groups[at - 1]?.join(' ') ?? '' },
    };
    const step = spawn('sh', [script, 'sh', '-c', words], {
      env,
      stdio: ['ignore', 'pipe', 'inherit'],
      detached: true,
    });
    begun.push(step);
    const ended = new Promise<number | null>((resolve) => step.on('close', resolve));
    const said = await text(step.stdout);
    return [await ended, said.trim()];
  });
  return Promise.all(under);
}

test('steps that stream are in one group with the next', () => {
  const steps = [true, false, true, false, false].map((streams) => ({ streams }) as ContainerStep);
  expect(groupsOf(steps)).toEqual([[1, 2], [3, 4], [5]]);
});

test('steps that stream run together, and others after one another', async () => {
  const write = 'echo hello >$S/stream';
  expect(
    await ran(
      [true, `${write}; touch $S/first`],
      [false, 'cat $S/stream; sleep 0.5; touch $S/second'],
      [true, `ls $S/first $S/second >/dev/null && ${write} && echo wrote`],
      [false, 'cat $S/stream'],
    ),
  ).toEqual([
    [0, ''],
    [0, 'hello'],
    [0, 'wrote'],
    [0, 'hello'],
  ]);
});

test('one that fails ends the stream of the other, and what comes after it does not begin', async () => {
  const ended = await ran([true, 'exit 3'], [false, 'cat $S/stream; echo read to the end'], [false, 'echo never']);
  expect(ended).toEqual([
    [3, ''],
    [0, 'read to the end'],
    [0, ''],
  ]);
});

test('one that waits for another that has failed is asked to stop, and clears up', async () => {
  const wait = 'trap "echo let in; exit 143" TERM; while :; do sleep 0.1; done';
  expect(await ran([true, wait], [false, 'exit 9'])).toEqual([
    [143, 'let in'],
    [9, ''],
  ]);
});
