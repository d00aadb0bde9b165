import { spawnSync } from 'node:child_process';
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clouds } from '../../../../src/clouds/registry.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { onMachines } from '../../../../src/model/inPlace.ts';
import { machinesOf } from '../../../../src/model/machines.ts';
import { machineName } from '../../../../src/model/names.ts';
import { releaseOrder } from '../../../../src/model/order.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { type Container, isContainer } from '../../../../src/model/service.ts';
import { needsOf, ref, resolve, secret, type Value } from '../../../../src/model/value.ts';
import { authorityRoots } from '../../../../src/render/authorityRoots.ts';
import { bundle } from '../../../../src/render/bundle.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import { offlineMachines } from '../../../../src/render/offline.ts';
import { environment } from '../../../../test/environment.ts';
import { machineInput } from '../../../../test/unit/render/fixtures.ts';
import mad from '../../system.ts';

const machine = { size: 'small', diskGb: 10 };
const options = {
  version: 'v1.0.0',
  domains: { api: 'api.mad.example.org', web: 'mad.example.org' },
  contact: 'ops@example.org',
  api: { ...machine, count: 2 },
  balancer: machine,
  web: { ...machine, count: 2 },
  client: { ...machine, count: 2 },
  redis: machine,
};

type Own = Readonly<Record<string, unknown>>;

/** As a cloud with services of its own has it */
const declared = (own: Own = {}): Blueprint => made(own, { caches: true, balancers: true });

/** As a cloud that has machines alone has it */
const onMachinesAlone = (own: Own = {}): Blueprint => made(own, { caches: false, balancers: false });

function made(own: Own, has: { caches: boolean; balancers: boolean }): Blueprint {
  const parsed = mad.options.parse({ ...options, ...own });
  return planned(mad, onMachines(mad.blueprint(parsed, environment), has), parsed);
}

function service(made: Blueprint, role: string, name: string): Container {
  const found = made.roles[role]?.services.find((candidate) => candidate.name === name);
  if (!found || !isContainer(found)) throw new Error(`no container ${name} of ${role}`);
  return found;
}

test('is an API behind its balancer, a page behind the cloud’s, clients, and a cache', () => {
  const { roles, caches, balancers, records, url } = declared();
  const shape = Object.entries(roles).map(([name, { count, services }]) => [name, count, services.map((s) => s.name)]);
  expect(shape).toEqual([
    ['api', 2, ['api']],
    ['balancer', 1, ['nginx']],
    ['web', 2, ['web']],
    ['client', 2, ['client']],
  ]);
  expect(caches.map(({ name, password }) => [name, password])).toEqual([['redis', 'redisPassword']]);
  expect(balancers.map(({ name, role, port }) => [name, role, port])).toEqual([['front', 'web', 80]]);
  expect(records).toEqual([
    { name: 'api.mad.example.org', to: { role: 'balancer', index: 0 } },
    { name: 'mad.example.org', to: { balancer: 'front' } },
  ]);
  expect(url).toBe('https://mad.example.org');
});

test('each port is open to whom it is for, and to nobody else', () => {
  const reach = onMachinesAlone().rules.map(({ from, to, port }) => [from, to, port]);
  expect(reach).toEqual([
    ['internet', 'balancer', 80],
    ['internet', 'balancer', 443],
    [{ role: 'balancer' }, 'api', 3000],
    ['internet', 'front', 80],
    ['internet', 'front', 443],
    [{ role: 'front' }, 'web', 80],
    [{ role: 'api' }, 'redis', 6379],
    ...['api', 'balancer', 'web', 'client', 'redis', 'front'].map((role) => ['operators', role, 22]),
  ]);
});

test('who is called is released before who calls', () => {
  expect(releaseOrder(onMachinesAlone())).toEqual(['redis', 'api', 'balancer', 'web', 'client', 'front']);
});

test('the API is told of its cache by reference, of its password by name', () => {
  expect(service(declared(), 'api', 'api').env).toEqual({
    REDIS_HOST: ref('caches.redis.host'),
    REDIS_PORT: ref('caches.redis.port'),
    REDIS_SCHEME: ref('caches.redis.scheme'),
    REDIS_PASSWORD: secret('redisPassword'),
  });
  const names = ({ auth }: { auth: boolean }) =>
    Object.keys(mad.secrets(mad.options.parse({ ...options, redis: { ...machine, auth } })));
  expect([names({ auth: true }), names({ auth: false })]).toEqual([['redisPassword'], []]);
});

test('where the cache has TLS, the API knows by which authority to check it: the system’s own, or one that Node knows', () => {
  const redis = { ...machine, tls: true };
  const file = '/etc/berth-tls/authority.crt';
  const own = { redis, secretFiles: { api: { '/run/key': { secret: 'key' } } } };
  const onMachine = service(onMachinesAlone(own), 'api', 'api');
  expect(onMachine.env).toMatchObject({ REDIS_SCHEME: 'rediss', NODE_EXTRA_CA_CERTS: file });
  expect(onMachine.secretFiles).toEqual({ '/run/key': secret('key'), [file]: ref('certificates.redis.authority') });
  const ofCloud = service(declared(own), 'api', 'api');
  expect(ofCloud.env).toMatchObject({ REDIS_SCHEME: ref('caches.redis.scheme') });
  expect(ofCloud.secretFiles).toMatchObject({ [file]: ref('caches.redis.authority') });
  const inClear = service(onMachinesAlone(), 'api', 'api');
  expect(inClear.env).toMatchObject({ REDIS_SCHEME: 'redis' });
  expect(inClear).not.toHaveProperty('secretFiles');
});

test('where another Redis takes over, the API asks the Sentinels, which it may reach, and the machines each other', () => {
  const own = { redis: { ...machine, failover: true } };
  const made = onMachinesAlone(own);
  const sentinels = (text: Value) => resolve(text, factsOf(needsOf(text).refs), {});
  expect(sentinels(service(made, 'api', 'api').env.REDIS_SENTINELS ?? '')).toBe(
    'machines.redis.0.privateAddress:26379,machines.redis.1.privateAddress:26379,machines.redis.2.privateAddress:26379',
  );
  expect(made.rules.filter(({ to }) => to === 'redis').map(({ from, port }) => [from, port])).toEqual([
    [{ role: 'api' }, 6379],
    ['operators', 22],
    [{ role: 'api' }, 26379],
    [{ role: 'redis' }, 6379],
    [{ role: 'redis' }, 26379],
  ]);
  expect(service(declared(own), 'api', 'api').env.REDIS_SENTINELS).toEqual(ref('caches.redis.sentinels'));
  expect(releaseOrder(made)[0]).toBe('redis');
});

test('each machine of such a Redis is told its own address, and that of nobody else', () => {
  const made = onMachinesAlone({ redis: { ...machine, failover: true } });
  const machines = machinesOf(made).filter(({ machine }) => machine.role === 'redis');
  const own = machines.map(({ machine, role }) => {
    const { refs, secrets } = machineNeeds(made, role, machine);
    const names = Object.fromEntries(secrets.map((name) => [name, name]));
    const input = { ...machineInput({ facts: factsOf(refs), secrets: names }), ...{ blueprint: made, role, machine } };
    return /OWN: "?(\S+?)"?$/m.exec(bundle(input).entries['base.yaml'] ?? '')?.[1];
  });
  expect(own).toEqual([0, 1, 2].map((index) => `machines.redis.${index}.privateAddress`));
});

/** Facts whose text is their name */
const factsOf = (refs: readonly string[]) => Object.fromEntries(refs.map((name) => [name, name]));

test('an API that knows a host and a port alone is told no more, and the cache asks for none', () => {
  const made = declared({ redis: { ...machine, auth: false } });
  expect(Object.keys(service(made, 'api', 'api').env)).toEqual(['REDIS_HOST', 'REDIS_PORT']);
  expect(made.caches[0]).not.toHaveProperty('password');
});

test('one image of the page serves every environment: it is told where its API is', () => {
  const fileOf = (own: Own) => service(declared(own), 'web', 'web').config?.files['config.json'];
  expect(fileOf({})).toEqual({ text: '{"apiUrl":"https://api.mad.example.org"}\n' });
  const published = { balancer: { ...machine, publish: { 443: 8443 } } };
  expect(fileOf(published)).toEqual({ text: '{"apiUrl":"https://api.mad.example.org:8443"}\n' });
  expect(service(declared(published), 'client', 'client').env.API_URL).toBe('https://api.mad.example.org');
});

test('one part may run another release than the others', () => {
  const made = declared({ versions: { api: 'v1.2.0' } });
  const images = ['api', 'web', 'client'].map((role) => service(made, role, role).image);
  expect(images).toEqual([
    'docker.io/amasselot/mad-api:v1.2.0',
    'docker.io/amasselot/mad-web:v1.0.0',
    'docker.io/amasselot/mad-client:v1.0.0',
  ]);
});

test.each(['latest', 'v1.0', 'abcd', 'master'])('a release that moves is refused: %s', (version) => {
  expect(mad.options.safeParse({ ...options, version }).success).toBe(false);
  expect(mad.options.safeParse({ ...options, versions: { web: version } }).success).toBe(false);
});

test('every image has a tag that never moves, and nothing runs as root', () => {
  for (const { services, edge } of Object.values(onMachinesAlone().roles))
    for (const each of services.filter(isContainer)) {
      expect(each.image).toMatch(/:v?\d+\.\d+\.\d+$/);
      expect(each.user).toMatch(/^[1-9]\d*:/);
      expect(edge?.image ?? 'none:1.0.0').toMatch(/:v?\d+\.\d+\.\d+$/);
    }
});

test("the machine in front of the page is of the balancer's size, unless it says its own", () => {
  expect(onMachinesAlone({ balancer: { size: 'medium', diskGb: 20 } }).roles.front).toMatchObject({
    size: 'medium',
    diskGb: 20,
  });
  expect(onMachinesAlone({ front: { size: 'large' } }).roles.front).toMatchObject({ size: 'large' });
});

test('a cloud that makes no machines is told of the one in front of the page too', () => {
  const host = (n: number) => ({
    hosts: [{ address: `203.0.113.${n}`, privateAddress: `10.20.0.${n}`, user: 'debian', hostKey }],
  });
  const roles = Object.fromEntries(['api', 'balancer', 'web', 'client', 'redis'].map((role, n) => [role, host(n + 1)]));
  const config = {
    'berth:operators': { networks: ['198.51.100.0/24'], sshPublicKeys: [hostKey] },
    'berth:systems': { mad: { ...options, ...roles, cloud: 'existing' } },
  };
  const load = () => loadEnvironment({ stack: 'e', config, source: 'e' }, { mad }, clouds, { secrets: 'names' });
  expect(load).toThrow(/berth:systems\.mad\.front\.hosts\n +is missing: cloud existing makes no machines/);
  Object.assign(config['berth:systems'].mad, { front: host(6) });
  expect(load().blueprints.map(({ system }) => system)).toEqual(['mad']);
});

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** Each machine's release by its name, with facts that are always the same */
function releases(made: Blueprint): Record<string, string> {
  return Object.fromEntries(
    machinesOf(made).map(({ machine, role }) => {
      const { refs, secrets } = machineNeeds(made, role, machine);
      const facts = Object.fromEntries(refs.map((name) => [name, /address$/i.test(name) ? '192.0.2.1' : name]));
      const input = {
        ...machineInput({ facts, secrets: Object.fromEntries(secrets.map((name) => [name, name])) }),
        ...{ blueprint: made, role, machine },
      };
      return [machineName(machine), bundle(input).hash];
    }),
  );
}

/** The machines whose release is not the same in both */
function changed(before: Blueprint, after: Blueprint): readonly string[] {
  const [former, next] = [releases(before), releases(after)];
  return Object.keys({ ...former, ...next })
    .filter((name) => former[name] !== next[name])
    .sort();
}

const count = (role: keyof typeof options, machines: number) => ({ [role]: { ...machine, count: machines } });

test('one more machine of the API changes its balancer and whoever lets it in, and no other', () => {
  expect(changed(onMachinesAlone(), onMachinesAlone(count('api', 3)))).toEqual([
    'mad-api-2',
    'mad-balancer-0',
    'mad-redis-0',
  ]);
  expect(changed(declared(), declared(count('api', 3)))).toEqual(['mad-api-2', 'mad-balancer-0']);
});

test('one more machine of the page changes what is in front of it; one more client nobody', () => {
  expect(changed(onMachinesAlone(), onMachinesAlone(count('web', 3)))).toEqual(['mad-front-0', 'mad-web-2']);
  expect(changed(declared(), declared(count('web', 3)))).toEqual(['mad-web-2']);
  expect(changed(onMachinesAlone(), onMachinesAlone(count('client', 3)))).toEqual(['mad-client-2']);
});

test('a new release of the API changes the machines of the API', () => {
  const next = onMachinesAlone({ versions: { api: 'v1.0.1' } });
  // Its name is the same, so that nothing else has a reason to change
  expect(changed(onMachinesAlone(), next)).toEqual(['mad-api-0', 'mad-api-1']);
});

test.each([
  ['live', 'letsencrypt', 'aws', ''],
  ['rehearsing', 'letsencrypt-staging', 'aws', authorityRoots('letsencrypt-staging')],
  ['local, whose authority only the engine knows,', 'letsencrypt', 'local', ''],
] as const)(
  'the clients of a %s environment are given what their API needs to be trusted',
  (_, authority, cloud, roots) => {
    const entry = { cloud, restartEdge: false, allowDestroy: false, options: {} };
    const machines = offlineMachines(declared(), { ...environment, authority, systems: { mad: entry } }, clouds);
    const clients = machines.filter(({ name }) => name.startsWith('mad-client-'));
    expect(clients.length).toBeGreaterThan(0);
    for (const { bundle } of clients) {
      const [found] = Object.entries(bundle.entries).filter(([path]) => path.endsWith('/roots.pem'));
      expect(found?.[1]).toBe(roots);
    }
  },
);

test.each([
  ['none, an empty file', ''],
  ['those of the staging authority', authorityRoots('letsencrypt-staging')],
])('Node takes the roots that a client is given: %s', (_, roots) => {
  const { env, config } = service(declared(), 'client', 'client');
  expect(env.NODE_EXTRA_CA_CERTS).toBe(`${config?.path}/roots.pem`);
  expect(config?.files['roots.pem']).toEqual({ text: ref('acme.roots') });
  const folder = mkdtempSync(join(tmpdir(), 'berth-mad-'));
  const file = join(folder, 'roots.pem');
  writeFileSync(file, roots);
  const words = ['-e', "require('node:tls').createSecureContext(); console.log('trusts')"];
  const { stdout, stderr } = spawnSync(process.execPath, words, {
    env: { NODE_EXTRA_CA_CERTS: file },
    encoding: 'utf8',
  });
  rmSync(folder, { recursive: true });
  // It warns of a file that it cannot read
  expect({ stdout, stderr }).toEqual({ stdout: 'trusts\n', stderr: '' });
});
