import { setTimeout as sleep } from 'node:timers/promises';
import { expect, test } from 'vitest';
import { resolve } from '../../../../src/model/value.ts';
import { containerName, docker } from '../../../../test/render/docker.ts';
import { spoil } from '../../../../test/render/rendered.ts';
import { rendered, run, secrets } from './scene.ts';

// Mad's nginx and Redis, read and run by the very images that run: least rights, no network.

test.for([1, 2, 16])('nginx -t accepts a balancer of %i machines', async (apis, context) => {
  const balancer = rendered('balancer', apis);
  expect(balancer.files['nginx.conf']?.match(/^ *server 127/gm)).toHaveLength(apis);
  const { code, output } = await run(balancer, balancer.service.check ?? [], context);
  expect(code, output).toBe(0);
});

test('nginx -t notices a mistake in it', async (context) => {
  const { service, files } = rendered('balancer');
  const spoilt = { service, files: spoil(files, 'nginx.conf', 'consistent', 'persistent') };
  expect((await run(spoilt, service.check ?? [], context)).output).toContain('invalid parameter "persistent"');
});

test.for(['web', 'front'])('nginx -t accepts what %s has', async (role, context) => {
  const one = rendered(role);
  const { code, output } = await run(one, one.service.check ?? [], context);
  expect(code, output).toBe(0);
});

test('Redis asks for its password, is healthy with it, and keeps what it was told', async (context) => {
  const redis = rendered('redis');
  const env = Object.entries(redis.service.env).map(([name, value]) => `${name}=${resolve(value, {}, secrets)}`);
  const options = [
    '--detach',
    '--tmpfs',
    `/data:uid=${redis.service.user.split(':')[0]},mode=0700`,
    ...env.flatMap((each) => ['--env', each]),
  ];
  const started = await run(redis, redis.service.command ?? [], context, ...options);
  expect(started.code, started.output).toBe(0);
  const inside = (...words: string[]) => docker('exec', containerName('redis'), ...words);
  try {
    let health = await inside(...(redis.service.health?.command ?? []));
    for (let tries = 0; health.code !== 0 && tries < 150; tries += 1) {
      await sleep(200);
      health = await inside(...(redis.service.health?.command ?? []));
    }
    expect(health.code, (await docker('logs', containerName('redis'))).output).toBe(0);
    expect((await inside('env', '-u', 'REDISCLI_AUTH', 'redis-cli', 'ping')).output).toContain('NOAUTH');
    expect((await inside('redis-cli', 'set', 'client_1', '{}')).output).toContain('OK');
    await sleep(1500);
    expect((await inside('sh', '-c', 'cat /data/appendonlydir/*')).output).toContain('client_1');
    // Neither what the process was started with, nor what it wrote, shows the password
    const shown = await inside('sh', '-c', 'cat /proc/[0-9]*/cmdline /tmp/*');
    expect(shown.output).toContain('redis-server');
    expect(shown.output).not.toContain(secrets.redisPassword);
  } finally {
    await docker('rm', '--force', containerName('redis'));
  }
});
