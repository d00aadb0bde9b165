import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { setTimeout as sleep } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { freePort } from '../freePort.ts';
import { connectionTo, type Declared, declare } from './commands.ts';
import { nameOf, operations, type Project, type RunningEngine, temporaryProject } from './engine.ts';
import { ownPlugins } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const title =
  obstacle === undefined ? 'a remote command and the engine' : `a remote command and the engine, skipped: ${obstacle}`;

describe.skipIf(obstacle !== undefined)(title, () => {
  let sshd: Sshd;
  let project: Project;

  beforeAll(async () => {
    sshd = await startSshd();
    project = await temporaryProject(ownPlugins.command);
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

  test('an interrupt waits for the end of the command, keeps it and then says canceled', async () => {
    await declare(project, { slow: slow(sshd, 'sleep 4; echo done') });
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
    expect(Date.now() - began).toBeLessThan(3000);
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

  test.each([
    ['its engine says so', (plugin: ReturnType<typeof spawn>) => plugin.kill('SIGINT')],
    ['its engine was killed', (plugin: ReturnType<typeof spawn>) => plugin.stdin?.end()],
  ])('the plugin leaves within a second when %s', async (_when, end) => {
    const plugin = spawn(ownPlugins.command['command-v1.2.1'], ['127.0.0.1:1'], { stdio: ['pipe', 'pipe', 'inherit'] });
    const [port] = await once(plugin.stdout, 'data');
    expect(String(port)).toMatch(/^\d+\n$/);
    const left = once(plugin, 'exit').then(() => true);
    end(plugin);
    expect(await Promise.race([left, sleep(1000, false)])).toBe(true);
    plugin.kill('SIGKILL');
  });
});

function slow(sshd: Sshd, command: string): Declared {
  return { create: `echo begun; ${command}`, connection: connectionTo(sshd) };
}

async function untilSaid(run: RunningEngine, text: string): Promise<void> {
  for (const end = Date.now() + 20_000; !run.output().includes(text); await sleep(50)) {
    if (Date.now() > end) throw new Error(`the engine did not say ${text} within 20 s: ${run.output()}`);
  }
}
