import { existsSync } from 'node:fs';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { openGate } from '../../../../src/cli/deploy/gate.ts';
import { passGate } from '../../../../src/gate.ts';
import { temporaryFolder } from '../berth.ts';

async function gate(obstacle: () => Promise<string | undefined>): Promise<string> {
  const socket = join(temporaryFolder(), 'gate');
  const { close } = await openGate(socket, obstacle);
  onTestFinished(close);
  return socket;
}

test('a program goes on where nothing stands in its way, and where nobody is to be asked', async () => {
  await passGate(await gate(async () => undefined));
  await passGate('');
});

test('a program ends with the words of who began it', async () => {
  const socket = await gate(async () => 'somebody else has deployed: ümlaut');
  await expect(passGate(socket)).rejects.toThrow(/^somebody else has deployed: ümlaut$/);
});

test('where the look fails nobody goes on', async () => {
  const socket = await gate(() => Promise.reject(new Error('the history is gone')));
  await expect(passGate(socket)).rejects.toThrow('the history is gone');
});

test('of one update both runs of the program get one answer: its own entry changes nothing', async () => {
  let looks = 0;
  const socket = await gate(async () => (++looks === 1 ? undefined : 'another one'));
  await passGate(socket);
  await passGate(socket);
  expect(looks).toBe(1);
});

test('who began it and has gone lets nobody on', async () => {
  const socket = join(temporaryFolder(), 'gate');
  await (await openGate(socket, async () => undefined)).close();
  expect(existsSync(socket)).toBe(false);
  await expect(passGate(socket)).rejects.toThrow('berth deploy, which began this, does not answer');
});
