import { createServer } from 'node:net';
import { expect, test } from 'vitest';
import {
  describeLocal,
  images,
  machineOf,
  makeLeftover,
  outputs,
  receiverOf,
  USER_DATA_SECRET,
} from './local-cloud.ts';
import { docker, thingsNamed, until } from './local-docker.ts';

describeLocal('what the local cloud refuses', (stack) => {
  const network = () => ({ network: { type: 'Network', inputs: { name: stack().prefix } } });

  test('each refusal says what is wrong and what to do, and leaves nothing behind', async () => {
    const listener = createServer().listen(0, '127.0.0.1');
    await new Promise((resolve) => listener.once('listening', resolve));
    const port = listener.address();
    if (port === null || typeof port === 'string') throw new Error('no port');
    await stack().want({ ...network(), first: machineOf(stack().prefix, 'first', 10) });
    expect((await stack().run('up')).code).toBe(0);
    await docker('create', '--name', `${stack().prefix}-stranger`, images.machine);
    await makeLeftover(stack(), 'leftover');
    await stack().want({
      ...network(),
      first: machineOf(stack().prefix, 'first', 10),
      published: machineOf(stack().prefix, 'published', 21, { publish: [{ machinePort: 80, hostPort: port.port }] }),
      stranger: machineOf(stack().prefix, 'stranger', 22),
      doubled: machineOf(stack().prefix, 'doubled', 10),
      imageless: machineOf(stack().prefix, 'imageless', 23, { image: 'berth/none:0' }),
      leftover: machineOf(stack().prefix, 'leftover', 24),
    });
    const up = await stack().run('up', { args: ['--continue-on-error'] });
    listener.close();
    // Still there: what is not ours is not removed
    await docker('rm', `${stack().prefix}-stranger`);
    expect(up.code).not.toBe(0);
    expect(up.output).toContain(`port ${port.port} of 127.0.0.1 is already in use on this computer`);
    expect(up.output).toContain('choose another under "publish" in Pulumi.local.yaml');
    expect(up.output).toContain(
      `the container name ${stack().prefix}-stranger is in use by one that berth did not create`,
    );
    expect(up.output).toMatch(/-doubled: its address is already in use on its network/);
    expect(up.output).toContain('No such image: berth/none:0');
    expect(up.output).toContain('npx berth local');
    const things = await thingsNamed(stack().prefix);
    expect(things.filter((name) => /published|stranger|doubled|imageless|-firewall/.test(name))).toEqual([]);
    // What an interrupted run of the same resource left is no stranger's
    expect(Object.keys(await outputs(stack()))).toContain('leftover');
  });

  test('inputs that cannot be are refused before anything is made, each with its path', async () => {
    const rules = [
      { protocol: 'tcp', port: 70_000, sources: ['0.0.0.0/0'] },
      { protocol: 'tcp', port: 22, sources: ['everyone; drop'] },
    ];
    // A secret of a wrong kind must not be shown for it
    const inputs = { rules, memory: 1, image: '', userData: [USER_DATA_SECRET] };
    await stack().want({ ...network(), wrong: machineOf(stack().prefix, 'wrong', 25, inputs) });
    const up = await stack().run('preview');
    expect(up.code).not.toBe(0);
    for (const path of ['rules.0.port', 'rules.1.sources.0', 'image', 'memory', 'userData'])
      expect(up.output).toContain(path);
    expect(up.output).not.toContain(USER_DATA_SECRET);
  });

  test('Ctrl-C ends a wait at once and takes back what was half made', async () => {
    const name = `${stack().prefix}-later`;
    await stack().want({
      ...network(),
      later: receiverOf(stack().prefix, 'LogReceiver', 'later', 26, images.bareMachine),
    });
    const up = stack().start('up');
    await until(async () => (await docker('ps', '--quiet', '--filter', `name=${name}`)) !== '');
    const began = Date.now();
    up.interrupt();
    expect((await up.done).code).not.toBe(0);
    expect(Date.now() - began).toBeLessThan(30_000);
    expect(await thingsNamed(name)).toEqual([]);
  });

  test('an engine that does not answer is one sentence', async () => {
    await stack().want(network());
    const refresh = await stack().run('refresh', { env: { DOCKER_HOST: 'unix:///nowhere/docker.sock' } });
    expect(refresh.code).not.toBe(0);
    expect(refresh.output).toContain(
      'the docker engine does not answer at /nowhere/docker.sock (ENOENT): start docker, or name its socket',
    );
  });
});
