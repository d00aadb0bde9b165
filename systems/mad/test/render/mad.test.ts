import { setTimeout as sleep } from 'node:timers/promises';
import { expect, type TestContext, test } from 'vitest';
import { onMachines } from '../../../../src/model/inPlace.ts';
import { machinesOf } from '../../../../src/model/machines.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { type Container, isContainer } from '../../../../src/model/service.ts';
import { resolve } from '../../../../src/model/value.ts';
import { bundle } from '../../../../src/render/bundle.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import {
  containerName,
  docker,
  folderOf,
  least,
  ownContainer,
  required,
  serviceImage,
} from '../../../../test/render/docker.ts';
import { configOf, spoil } from '../../../../test/render/rendered.ts';
import mad from '../../system.ts';

// Mad's nginx and Redis, read and run by the very images that run: least rights, no network.

const machine = { size: 'small', diskGb: 10 };
const secrets = { redisPassword: 'it\'s $5 \\ "a" #pass' };

/** A service of the first machine of a role, with its rendered files; the machines of the API are 127.0.0.2 and up */
function rendered(role: string, apis = 2): { service: Container; files: Record<string, string> } {
  const options = mad.options.parse({
    version: 'v1.0.0',
    domains: { api: 'api.mad.localhost', web: 'mad.localhost' },
    contact: 'ops@example.org',
    ...{ api: { ...machine, count: apis }, balancer: machine, web: machine, client: machine, redis: machine },
  });
  const environment = {
    name: 'e',
    operators: { networks: [], sshPublicKeys: [] },
    systems: {},
    network: '',
    authority: 'letsencrypt-staging' as const,
    clouds: {},
  };
  const blueprint = planned(
    mad,
    onMachines(mad.blueprint(options, environment), { caches: false, balancers: false }),
    options,
  );
  const found = machinesOf(blueprint).find((one) => one.machine.role === role);
  const service = found?.role.services.find(isContainer);
  if (!found || !service) throw new Error(`no service of ${role}`);
  const needs = machineNeeds(blueprint, found.role, found.machine);
  const place = (name: string) => `127.0.0.${2 + Number(/\.(\d+)\./.exec(name)?.[1] ?? 0)}`;
  const facts = Object.fromEntries(needs.refs.map((name) => [name, place(name)]));
  const input = {
    ...{ blueprint, ...found, facts, secrets: role === 'redis' || role === 'api' ? secrets : {}, secretFacts: [] },
    ...{ operators: environment.operators, deployKey: 'ssh-ed25519 AAAA', user: 'berth' },
    ...{ images: {}, plainRegistries: [], logins: {}, containerRange: '172.30.192.0/18', restartEdge: false },
  };
  const made = bundle(input);
  return { service, files: configOf({ name: role, input, bundle: made, userData: '' }, service.name) };
}

async function run(
  { service, files }: ReturnType<typeof rendered>,
  words: readonly string[],
  context: TestContext,
  ...options: string[]
) {
  const image = required(await serviceImage(service.image), context);
  const place = [
    '--user',
    service.user,
    '--network',
    'none',
    '--volume',
    `${folderOf(files)}:${service.config?.path}:ro`,
  ];
  return docker('run', ...ownContainer(service.name), ...least, ...place, ...options, image, ...words);
}

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

/** A machine of the API that answers with its number and what it was asked to upgrade to */
const machineConf = (machine: number): string => `pid /tmp/machine-${machine}.pid; error_log /dev/stderr; events {}
http {
  access_log off;
  ${['client_body', 'proxy', 'fastcgi', 'uwsgi', 'scgi'].map((kind) => `${kind}_temp_path /tmp/m${machine}-${kind};`).join(' ')}
  server { listen 127.0.0.${2 + machine}:3000; location / { return 200 "${machine}$http_connection\n"; } }
}`;

test('a balancer keeps a visitor on one machine, spreads visitors, and goes on without a machine', async (context) => {
  const balancer = rendered('balancer');
  const files = { ...balancer.files, 'machine-0.conf': machineConf(0), 'machine-1.conf': machineConf(1) };
  const started = await run({ ...balancer, files }, balancer.service.command ?? [], context, '--detach');
  expect(started.code, started.output).toBe(0);
  const inside = async (script: string) => (await docker('exec', containerName('nginx'), 'sh', '-c', script)).output;
  /** Each visitor's three answers, by addresses that differ in their end alone */
  const asked = async (...words: string[]) => {
    const visit = `curl -sf ${words.join(' ')} -H "X-Forwarded-For: 198.51.100.$visitor" http://127.0.0.1:8080/ || echo failed`;
    const answers = await inside(`for visitor in $(seq 10 21); do ${visit}; ${visit}; ${visit}; done`);
    return (answers.match(/(.*\n){3}/g) ?? []).map((three) => three.trim().split('\n'));
  };
  try {
    await inside('nginx -c /etc/berth/machine-0.conf; nginx -c /etc/berth/machine-1.conf');
    const reached = await asked();
    expect(reached).toHaveLength(12);
    for (const answers of reached) expect(new Set(answers).size).toBe(1);
    expect(new Set(reached.flat())).toEqual(new Set(['0', '1']));
    const upgraded = await asked('-H "Upgrade: websocket"', '-H "Connection: Upgrade"');
    expect(upgraded).toEqual(reached.map((answers) => answers.map((machine) => `${machine}upgrade`)));
    await inside('kill $(cat /tmp/machine-0.pid); sleep 0.3');
    expect(new Set((await asked()).flat())).toEqual(new Set(['1']));
  } finally {
    await docker('rm', '--force', containerName('nginx'));
  }
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
