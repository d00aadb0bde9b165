import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { readyCommand } from '../../src/hosts/commands.ts';
import { keyPair } from '../../src/keyPair.ts';
import { checkout } from '../../src/paths.ts';
import { freePort } from '../freePort.ts';
import { messages, type Project, temporaryProject } from './engine.ts';
import { commandPlugin } from './plugins.ts';
import { type SlowMachine, slowMachine } from './slowMachine.ts';

let project: Project;
let machine: SlowMachine;

const keys = () => keyPair('test');
const [hostKey, otherKey, deployKey] = [keys(), keys(), keys()];

beforeAll(async () => {
  project = await temporaryProject(commandPlugin);
});

afterAll(async () => {
  await machine?.stop();
  await project?.remove();
});

test('a machine that never answers fails with its host, port, user and what to check, and no release is tried', async () => {
  const port = await freePort();
  await project.program(programFor({ port, hostKey: hostKey.public, made: false }));
  const run = await project.run('up');
  expect(run.code).not.toBe(0);
  expect(run.output).toMatch(
    new RegExp(
      `web-0: waiting for ops@127\\.0\\.0\\.1:${port} to answer, for some seconds\\. If it never does, check that the ` +
        `machine runs, that port ${port} is open to this computer \\(berth:operators networks\\), and that ops has the stack's deploy key`,
    ),
  );
  expect(run.output).toContain(`after 5 failed attempts: dial tcp 127.0.0.1:${port}: connect: connection refused`);
  expect(messages(run, 'web-0-release')).toEqual([]);
  expectNoKey(run.output);
});

test('a machine that shows another host key is refused before a login is tried', async () => {
  machine = await slowMachine({ hostKey: hostKey.private, deployKey: deployKey.public, bootSeconds: 0 });
  await project.program(programFor({ port: machine.port, hostKey: otherKey.public, made: false }));
  const run = await project.run('up');
  expect(run.code).not.toBe(0);
  expect(run.output).toContain('ssh: host key mismatch');
  expect(run.output).toContain('a "host key mismatch" means that another machine answers there');
  expect(machine.logins).toBe(0);
  expectNoKey(run.output);
});

test('a machine that takes long to boot is waited for, and then gets its release', async () => {
  machine = await slowMachine({ hostKey: hostKey.private, deployKey: deployKey.public, bootSeconds: 5 });
  await project.program(programFor({ port: machine.port, hostKey: hostKey.public, made: true }));
  const run = await project.run('up');
  expect(run.code, run.output).toBe(0);
  expect(run.output).toContain('to boot and answer, for a few minutes');
  expect(messages(run, 'web-0-ready').some(({ message }) => /^Dial \d+\/45 failed: retrying/.test(message))).toBe(true);
  expect(machine.commands[0]?.command).toBe(readyCommand('ops'));
  expect(machine.commands[1]?.stdin).toBe('what the machine shall have');
  expect(await project.stateText()).not.toContain('what the machine shall have');
});

/** A program that releases one machine; `made`: by a cloud, so that it may have to boot first */
function programFor({ port, hostKey, made }: { port: number; hostKey: string; made: boolean }): string {
  return `
    import { load } from ${JSON.stringify(join(checkout, 'src/start/esbuild.js'))};
    import * as pulumi from '@pulumi/pulumi';
    import * as command from '@pulumi/command';
    const { announcement, releaseMachine } = await load('src/hosts/release.ts');
    const resource = ${made ? "new command.remote.Command('server', { addPreviousOutputInEnv: false, connection: { host: '127.0.0.1', privateKey: 'none' } })" : 'undefined'};
    releaseMachine({
      host: {
        name: 'web-0', role: 'web', index: 0, port: ${port}, user: 'ops', resource,
        address: pulumi.output('127.0.0.1'), hostKey: pulumi.output(${JSON.stringify(hostKey)}),
      },
      deployKey: pulumi.secret(${JSON.stringify(deployKey.private)}),
      bundle: pulumi.output('what the machine shall have'),
      ${made ? '' : "adoption: pulumi.output('what looks at it'),"}
      announcement: announcement('shop'),
      after: [],
      parent: new pulumi.ComponentResource('berth:index:System', 'system'),
    });
  `;
}

function expectNoKey(output: string): void {
  for (const line of deployKey.private.split('\n').filter((text) => text.length > 20 && !text.startsWith('-')))
    expect(output.includes(line), 'the deploy key is shown').toBe(false);
}
