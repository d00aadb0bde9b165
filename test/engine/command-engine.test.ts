import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../freePort.ts';
import { connectionTo, type Declared, declare } from './commands.ts';
import { nameOf, operations, type Project, type RunningEngine, temporaryProject } from './engine.ts';
import { commandPlugin, installPlugins, isStandIn, standIn } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const title =
  obstacle === undefined ? 'a remote command and the engine' : `a remote command and the engine, skipped: ${obstacle}`;

describe.skipIf(obstacle !== undefined)(title, () => {
  let sshd: Sshd;
  let project: Project;

  beforeAll(async () => {
    sshd = await startSshd();
    project = await temporaryProject(commandPlugin);
  });

  afterAll(async () => {
    await project?.remove();
    await sshd?.stop();
  });

  const names = async () => (await project.resources()).map(({ urn }) => nameOf(urn));

  test('a step is run again when its server is replaced, over the new connection, but not for a new connection alone', async () => {
    const nowhere = connectionTo(sshd, { port: await freePort() });
    const step = { replaceWith: ['server'], deletedWith: 'server', ignoreChanges: ['connection'] };
    const programWith = (server: string, connection: Record<string, unknown>) =>
      declare(project, {
        server: { create: server, connection: connectionTo(sshd), options: { replaceOnChanges: ['create'] } },
        ready: { create: 'echo ready', connection, options: step },
      });

    await programWith('echo one', connectionTo(sshd));
    expect((await project.run('up')).code).toBe(0);
    await programWith('echo one', nowhere);
    expect(operations(await project.run('up'))).toMatchObject({ server: 'same', ready: 'same' });
    await programWith('echo two', nowhere);
    const replaced = await project.run('up');
    expect(operations(replaced)).toMatchObject({ server: 'replace', ready: 'replace' });
    expect(replaced.output).toContain('after 0 failed attempts: dial tcp 127.0.0.1');
    await programWith('echo two', connectionTo(sshd));
    const healed = await project.run('up');
    expect(healed.code, healed.output).toBe(0);
  });

  test('a hook gets the defaults of a connection, which is a secret and has the private key as one more', async () => {
    const { host, user, privateKey, hostKey, port } = connectionTo(sshd);
    await project.program(`
      import * as pulumi from '@pulumi/pulumi';
      import * as command from '@pulumi/command';
      const tell = new pulumi.ResourceHook('tell', async ({ newInputs: { connection, stdin } }) => {
        const known = (output) => new Promise((resolve) => output.apply(resolve));
        const inputs = { connection: await known(connection), stdin: await known(stdin) };
        console.log('told ' + Buffer.from(JSON.stringify(inputs)).toString('base64') + ' end');
      });
      const connection = ${JSON.stringify({ host, user, privateKey, hostKey, port })};
      const inputs = { create: 'cat', stdin: pulumi.secret('in'), connection, addPreviousOutputInEnv: false };
      new command.remote.Command('hooked', inputs, { hooks: { beforeCreate: [tell] } });
    `);
    const run = await project.run('up');
    expect(run.code, run.output).toBe(0);
    const told = /told ([\w+/=]+) end/.exec(run.output)?.[1] ?? '';
    const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270' };
    const filled = { host, user, privateKey, hostKey, port, dialErrorLimit: 10, perDialTimeout: 15 };
    // The SDK takes off the outermost mark alone, and gathers those within at the top
    expect(JSON.parse(Buffer.from(told, 'base64').toString())).toEqual({
      connection: { ...secret, value: filled },
      stdin: 'in',
    });
  });

  test.skipIf(isStandIn)(
    'what the stand-in made is unchanged to this plugin, and stays so after a refresh',
    async () => {
      await declare(project, {});
      await project.run('up');
      const step = { ignoreChanges: ['connection'] };
      await installPlugins(project.plugins, standIn);
      const [first, later] = [connectionTo(sshd), connectionTo(sshd, { dialErrorLimit: 3 })];
      const made = (connection: Record<string, unknown>): Record<string, Declared> => ({
        ready: { create: 'echo ready', logging: 'stderr', connection, options: step },
        release: { create: 'cat', stdin: { secret: 'bundle' }, logging: 'stderr', connection: first },
      });
      await declare(project, made(first));
      expect((await project.run('up')).code).toBe(0);
      await installPlugins(project.plugins, commandPlugin);
      await declare(project, made(later));
      const connections = await sshd.connections();
      for (const command of ['preview', 'up', 'refresh', 'preview'] as const) {
        const run = await project.run(command);
        expect(run.code, run.output).toBe(0);
        if (command !== 'refresh') expect(operations(run)).toMatchObject({ ready: 'same', release: 'same' });
      }
      expect(await sshd.connections()).toBe(connections);
    },
  );

  test('an interrupt waits for the end of the command, keeps it and then says canceled', async () => {
    await declare(project, { slow: slow(sshd, 'sleep 20; echo done') });
    const up = project.start('up');
    await untilSaid(up, 'begun');
    up.interrupt();
    const run = await up.done;
    expect(run.code).not.toBe(0);
    expect(run.output).toMatch(/cancell?ed/);
    expect((await project.resources()).find(({ urn }) => nameOf(urn) === 'slow')?.outputs?.stdout).toBe('begun\ndone');
    expect(await project.stateText()).not.toContain('"pending_operations"');
  });

  test('an interrupt ends endless retries at once', async () => {
    const connection = connectionTo(sshd, { port: await freePort(), dialErrorLimit: -1 });
    await declare(project, { endless: { create: 'true', connection } });
    const up = project.start('up');
    await untilSaid(up, 'Dial 8/inf failed: retrying');
    const began = Date.now();
    up.interrupt();
    const run = await up.done;
    expect(run.output).toContain('context canceled');
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(await names()).not.toContain('endless');
  });

  test('output that is not UTF-8 is kept, but no program can read it: every up fails', async () => {
    await declare(project, {
      bytes: { create: "printf '\\377\\376'", logging: 'none', connection: connectionTo(sshd) },
    });
    for (const time of ['first', 'second']) {
      const run = await project.run('up');
      expect(run.code, time).not.toBe(0);
      expect(run.output, time).toContain('a string that contains non-UTF8 bytes, which the receiver does not support');
      expect(await names()).toContain('bytes');
    }
  });

  test.skipIf(!isStandIn).each([
    ['its engine says so', (plugin: ReturnType<typeof spawn>) => plugin.kill('SIGINT'), 0],
    ['its engine was killed', (plugin: ReturnType<typeof spawn>) => plugin.stdin?.end(), 1],
  ])('the plugin leaves by itself when %s', async (_when, end, code) => {
    const plugin = spawn(standIn['command-v1.2.1'], ['127.0.0.1:1'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = await once(plugin.stdout, 'data');
    expect(String(port)).toMatch(/^\d+\n$/);
    const left = once(plugin, 'exit');
    end(plugin);
    expect(await Promise.race([left, sleep(30_000, 'still there')])).toEqual([code, null]);
    plugin.kill('SIGKILL');
  });
});

function slow(sshd: Sshd, command: string): Declared {
  return { create: `echo begun; ${command}`, connection: connectionTo(sshd) };
}

async function untilSaid(run: RunningEngine, text: string): Promise<void> {
  for (const end = Date.now() + 90_000; !run.output().includes(text); await sleep(50)) {
    if (Date.now() > end) throw new Error(`the engine did not say ${text} within 20 s: ${run.output()}`);
  }
}
