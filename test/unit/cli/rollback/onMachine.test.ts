import { readFileSync } from 'node:fs';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import ssh2 from 'ssh2';
import { expect, onTestFinished, test } from 'vitest';
import { keyPair } from '../../../../src/keyPair.ts';
import { berth, deployedProject, outputsOf } from '../berth.ts';

// `berth rollback` against a machine that says what the release engine says

const deployKey = keyPair('deploy');
const hostKey = keyPair('host');

const record = (version: string, release: string) => ({
  at: '2026-11-30T01:00:00Z',
  version,
  release,
  kept: true,
  left: false,
});
const history = [record('3.3.0', 'new'), record('3.2.9', 'old')];
const way = { live: '3.3.0', version: '3.2.9', release: 'old', steps: [], refused: '' };

interface Answer {
  out: string;
  error: string;
  code: number;
}

/** What the machine answers to a command; its way back says these lines, and ends with a code */
function answerTo(command: string, said: readonly string[], code: number): Answer {
  if (command.includes(' history ')) return { out: JSON.stringify(history), error: '', code: 0 };
  if (command.includes('--plan')) return { out: JSON.stringify(way), error: '', code: 0 };
  const out = code === 0 ? 'basegun is back at 3.2.9, after 4.2 s\n' : '';
  return { out, error: said.map((line) => `${line}\n`).join(''), code };
}

function send(channel: ssh2.ServerChannel, { out, error, code }: Answer): void {
  // Broken in the middle of a line, as a network does
  for (const part of error.match(/.{1,7}/gs) ?? []) channel.stderr.write(part);
  channel.write(out);
  channel.exit(code);
  channel.end();
}

/** Returns the port of a machine */
async function machine(said: readonly string[], code: number): Promise<number> {
  const server = new ssh2.Server({ hostKeys: [hostKey.private] }, (client) => {
    client.on('error', () => undefined).on('authentication', (login) => login.accept());
    client.on('session', (accept) => {
      accept().on('exec', (run, _reject, { command }) => send(run(), answerTo(command, said, code)));
    });
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  onTestFinished(() => void server.close());
  return (server.address() as AddressInfo).port;
}

async function rollBack(port: number, ...words: string[]) {
  const { systems } = outputsOf('http://basegun.localhost:9');
  const ssh = { user: 'berth', address: '127.0.0.1', port, hostKey: hostKey.public };
  const machines = { 'basegun-web-0': { ...systems.basegun.machines['basegun-web-0'], ssh } };
  const { project, env } = deployedProject(
    { systems: { basegun: { ...systems.basegun, machines } } },
    deployKey.private.trim(),
  );
  const run = await berth(['rollback', 'local', 'basegun', '--yes', ...words], project, env);
  return { ...run, file: () => readFileSync(join(project, 'Pulumi.local.yaml'), 'utf8') };
}

const steps = ['steps: host, switch', 'host                     0.3 s'];

test('each step of a way back is a line, and the last lines say what is live, how long it took and what comes next', async () => {
  const port = await machine([...steps, 'switch                   0.6 s'], 0);
  const { code, stdout, stderr, file } = await rollBack(port);
  expect({ code, stderr }).toEqual({ code: 0, stderr: '' });
  expect(stdout).toMatch(
    /^ {2}basegun-web-0 +host +0\.3 s\n {2}basegun-web-0 +switch +0\.6 s\n {2}basegun-web-0 +release +[\d.]+ s\nbasegun is back at 3\.2\.9, after 4\.2 s\n/m,
  );
  expect(stdout).toMatch(/\nlive {4}basegun 3\.2\.9\ntook {4}[\d.]+ s\nnext {4}npx berth deploy local\n$/);
  expect(file()).toContain('3.2.9');
});

test('a way back that fails is told by machine, step and reason, with the command that looks further', async () => {
  const port = await machine([...steps, 'error: the edge does not serve the new release'], 1);
  const { code, stdout, stderr, file } = await rollBack(port);
  expect(code).toBe(1);
  expect(stdout).toContain('basegun-web-0: error: the edge does not serve the new release\n');
  expect(stderr).toMatch(/^failed {2}basegun-web-0, step switch: the edge does not serve the new release$/m);
  expect(stderr).toMatch(/^next {4}npx berth ssh local basegun-web-0 -- sudo journalctl -t berth -n 100$/m);
  expect(file()).not.toContain('3.2.9');
});

test('programs are told the same as events, and nothing else is on standard output', async () => {
  const port = await machine([...steps, 'switch                   0.6 s'], 0);
  const { code, stdout, stderr } = await rollBack(port, '--json');
  expect(code, stderr).toBe(0);
  const events = stdout
    .trimEnd()
    .split('\n')
    .map((line) => JSON.parse(line));
  expect(events.at(-1)).toMatchObject({ type: 'result', result: 'rolled back', live: { basegun: '3.2.9' } });
  expect(events).toContainEqual(
    expect.objectContaining({ type: 'end', machine: 'basegun-web-0', step: 'switch', seconds: 0.6, result: 'done' }),
  );
});
