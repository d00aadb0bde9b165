import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { findMachine } from '../../../src/cli/ssh/findMachine.ts';
import { sshArguments } from '../../../src/cli/ssh/session.ts';
import { berth, berthHere, deployedProject, deployKey, outputsOf, put } from './berth.ts';

/** Stands in for OpenSSH: writes down what it was given, and ends as a remote command would */
const recorder = (project: string): string => `#!/bin/bash
printf '%s\\n' "$@" > '${project}/arguments'
for word in "$@"; do case "$word" in
  UserKnownHostsFile=*) file=\${word#*=}; file=\${file//\\"/}; stat -c %a "$file" "$(dirname "$file")" > '${project}/modes'; cat "$file" > '${project}/known'; dirname "$file" > '${project}/folder';;
esac; done
while [ "$1" != -i ]; do shift; done
stat -c %a "$2" >> '${project}/modes'; cat "$2" > '${project}/identity'
exit 7
`;

async function session(args: readonly string[], start = berthHere, ssh: object = {}) {
  const outputs = outputsOf('https://basegun.localhost:8443');
  Object.assign(outputs.systems.basegun.machines['basegun-web-0'].ssh, ssh);
  const { project, env } = deployedProject(outputs);
  put(project, 'engine/ssh', recorder(project), 0o755);
  put(project, 'own key', 'own\n', 0o600);
  const run = await start(['ssh', ...args], project, env);
  return { run, read: (name: string) => readFileSync(join(project, name), 'utf8') };
}

test('ssh gets the deploy key and the pinned host key in private files that are gone afterwards', async () => {
  const { run, read } = await session(['local', 'web', '--', 'ls', '-l', '--all', '$HOME'], berth);
  expect(run).toEqual({ code: 7, stdout: '', stderr: '' });
  expect(read('modes')).toBe('600\n700\n600\n');
  expect(read('known')).toBe('basegun-web-0 ssh-ed25519 AAAAweb pinned\n');
  expect(read('identity')).toBe(`${deployKey}\n`);
  expect(read('arguments')).not.toContain('PRIVATE KEY');
  const words = read('arguments').split('\n');
  for (const option of [
    'HostKeyAlias=basegun-web-0',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
  ]) {
    expect(words).toContain(option);
  }
  expect(words.slice(words.indexOf('--'))).toEqual(['--', '127.0.0.1', 'ls', '-l', '--all', '$HOME', '']);
  expect(existsSync(read('folder').trim())).toBe(false);
});

test('behind a bastion, ssh goes by way of it with the same key, pinned under a name of its own', async () => {
  const proxy = { user: 'jump', address: '198.51.100.7', port: 2200, hostKey: 'ssh-ed25519 AAAAgate pinned' };
  const { run, read } = await session(['local', 'web', 'id'], berthHere, { proxy });
  expect(run.code).toBe(7);
  expect(read('known')).toBe(
    'basegun-web-0 ssh-ed25519 AAAAweb pinned\nbastion-of-basegun-web-0 ssh-ed25519 AAAAgate pinned\n',
  );
  const words = read('arguments').split('\n');
  const command = words.find((word) => word.startsWith('ProxyCommand=ssh ')) ?? '';
  for (const option of [
    'HostKeyAlias=bastion-of-basegun-web-0',
    'StrictHostKeyChecking=yes',
    'IdentitiesOnly=yes',
    'IdentityAgent=none',
    'ControlPath=none',
  ])
    expect(command).toContain(` -o ${option} `);
  expect(command).toMatch(/ -i \S+identity -p 2200 -l jump .* -W '\[%h\]:%p' -- 198\.51\.100\.7$/);
  expect(words.slice(words.indexOf('--'))).toEqual(['--', '127.0.0.1', 'id', '']);
  // ssh's own ProxyJump would trust the user's known hosts, and offer all of the user's keys
  expect(words).not.toContain('-J');
});

test('in the words of a bastion, whatever stands in the paths is read as it is', () => {
  const login = { user: 'jump', address: '198.51.100.7', port: 22, hostKey: '' };
  const words = sshArguments(
    { name: 'web', ...login, proxy: login, key: { file: "it's 100%" }, command: [] },
    { knownHosts: '/tmp/a b/known', identity: "it's 100%", interactive: false },
  );
  const command = words.find((word) => word.startsWith('ProxyCommand='));
  expect(command).toContain(`-i 'it'\\''s 100%%' -p 22`);
  expect(command).toContain(`-o 'UserKnownHostsFile="/tmp/a b/known"'`);
});

test("with one's own key the stack's is not read, and an agent may hold it", async () => {
  const { run, read } = await session(['--key', 'own key', 'local', 'basegun-api-0']);
  expect(run.code).toBe(7);
  expect(read('identity')).toBe('own\n');
  expect(read('arguments')).not.toContain('IdentityAgent');
});

test('a machine that is not there is answered with those that are', async () => {
  const { run } = await session(['local', 'database']);
  expect(run).toEqual({
    code: 1,
    stdout: '',
    stderr: 'there is no machine "database": there are basegun-web-0, basegun-api-0\n',
  });
});

test.each([
  ['basegun-web-0', 'basegun-web-0'],
  ['web', 'basegun-web-0'],
  ['web-0', 'basegun-web-0'],
  ['basegun-api', 'basegun-api-0'],
])('%s means %s', (wanted, name) => {
  expect(findMachine(parsedSystems(outputsOf('https://a.example'), 'local'), wanted).name).toBe(name);
});

test.each(['basegun', '0', ''])('"%s" is nobody or several, and says so', (wanted) => {
  expect(() => findMachine(parsedSystems(outputsOf('https://a.example'), 'local'), wanted)).toThrow(
    'basegun-web-0, basegun-api-0',
  );
});
