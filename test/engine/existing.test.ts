import { afterAll, beforeAll, expect, test } from 'vitest';
import { stackOf, withSecrets } from '../stack/samples.ts';
import { type RecordingStack, recordingStack } from './recordingStack.ts';

/** Pages on machines that somebody else made, the first few of two */
const stack = (count: number) => {
  const host = {
    user: 'debian',
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/',
  };
  const hosts = ['100.64.1.20', '100.64.1.21']
    .slice(0, count)
    .map((address) => ({ ...host, address, privateAddress: address.replace('100.64.1', '10.20.0') }));
  return withSecrets(stackOf('mad', 'existing', {}, { web: { hosts } }));
};
const retire = 'sudo /usr/bin/python3 -I /var/lib/berth/mad/current/engine retire /var/lib/berth/mad/current';
let made: RecordingStack;

beforeAll(async () => {
  made = await recordingStack();
  const { run } = await made.run('up', stack(2));
  expect(run.code, run.output).toBe(0);
});

afterAll(() => made?.remove());

test('an up that drops a machine says what retires it, and does nothing to it', async () => {
  const { run, done, changed } = await made.run('up', stack(1));
  expect(run.code, run.output).toBe(0);
  const dropped = run.output.split('\n').filter((line) => /^ *- +retire/.test(line));
  expect(dropped).toEqual([expect.stringContaining(`"ssh -p 22 debian@100.64.1.21 ${retire}"`)]);
  expect(changed).toMatchObject({ 'mad-web-1-ready': 'delete', 'mad-web-1-release': 'delete' });
  const commands = (await made.project.resources()).filter(({ type }) => type === 'command:remote:Command');
  for (const { inputs } of commands) expect(inputs).not.toHaveProperty('delete');
  expect(done.filter(({ name }) => name.startsWith('mad-web-0-'))).toEqual([]);
});
