import { expect, test } from 'vitest';
import type { Blueprint } from '../../../src/model/blueprint.ts';
import { reachability } from '../../../src/model/matrix.ts';
import type { Container } from '../../../src/model/service.ts';
import { needsOf, resolveAll } from '../../../src/model/value.ts';
import { type CloudName, read, type SystemName, stackOf } from '../../stack/samples.ts';

// `monitoring` in the entry of a system that knows nothing of it.

const further = { trustNetwork: true };
const adopted = { address: '100.64.2.90', privateAddress: '10.20.0.90', user: 'debian', port: 22 };
const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/';

function blueprintOf(system: SystemName, cloud: CloudName, monitoring: unknown = true, own: object = {}): Blueprint {
  const stack = stackOf(system, cloud, {}, { ...further, monitoring, ...own });
  const [blueprint] = read(stack, 'preprod').blueprints;
  if (!blueprint) throw new Error('no blueprint');
  return blueprint;
}

const servicesOf = ({ roles }: Blueprint, role: string): readonly string[] =>
  (roles[role]?.services ?? []).map(({ name }) => name);

function container({ roles }: Blueprint, name: string): Container {
  const found = roles.monitoring?.services.find((one) => one.name === name);
  if (found?.kind !== 'container') throw new Error(`no container ${name}`);
  return found;
}

/** Job, machine or site, and address of everything that Prometheus asks, by the names of facts */
function targetsOf(blueprint: Blueprint): readonly string[] {
  const file = container(blueprint, 'prometheus').config?.files['prometheus.yaml'];
  if (!file || !('yaml' in file)) throw new Error('no configuration');
  const names = Object.fromEntries(needsOf(file.yaml).refs.map((path) => [path, path]));
  const { scrape_configs } = resolveAll(file.yaml, names, {}) as {
    scrape_configs: {
      job_name: string;
      static_configs: { targets: string[]; labels: { machine: string; site?: string } }[];
    }[];
  };
  return scrape_configs.flatMap(({ job_name, static_configs }) =>
    static_configs.map(({ targets, labels }) => `${job_name} ${labels.site ?? labels.machine} ${targets[0]}`),
  );
}

test.each(['basegun', 'mad', 'catalogage'] as const)(
  'one line gives every machine of %s its exporter, and Prometheus the way to it',
  (system) => {
    const former = read(stackOf(system, 'local'), 'preprod').blueprints[0];
    const blueprint = blueprintOf(system, 'local');
    expect(Object.keys(blueprint.roles).sort()).toEqual([...Object.keys(former?.roles ?? {}), 'monitoring'].sort());
    const rows = reachability(blueprint, { networks: [], sshPublicKeys: [] });
    for (const [role, { count }] of Object.entries(former?.roles ?? {})) {
      expect(servicesOf(blueprint, role)).toContain('node-exporter');
      const row = rows.find(({ to, port }) => to.role === role && port === 9100);
      expect(row?.from).toMatchObject({ kind: 'role', role: 'monitoring' });
      for (let index = 0; index < count; index += 1)
        expect(targetsOf(blueprint)).toContain(
          `node ${system}-${role}-${index} machines.${role}.${index}.privateAddress:9100`,
        );
    }
    expect(blueprint.roles.monitoring).toMatchObject({ count: 1, size: 'small', slot: 13, volume: { sizeGb: 20 } });
  },
);

test('a system without the line is as it was', () => {
  const { roles, rules } = read(stackOf('basegun', 'local'), 'preprod').blueprints[0] as Blueprint;
  expect(JSON.stringify([roles, rules])).not.toMatch(/9100|node-exporter|monitoring/);
});

test('public names are asked as visitors ask them, wherever they end, and edges tell their figures', () => {
  const local = targetsOf(blueprintOf('mad', 'local'));
  expect(local.filter((one) => /^site|^traefik/.test(one))).toEqual([
    'traefik mad-api-0 machines.api.0.privateAddress:8082',
    'traefik mad-api-1 machines.api.1.privateAddress:8082',
    'traefik mad-balancer-0 machines.balancer.0.privateAddress:8082',
    'traefik mad-web-0 machines.web.0.privateAddress:8082',
    'traefik mad-web-1 machines.web.1.privateAddress:8082',
    'traefik mad-front-0 machines.front.0.privateAddress:8082',
    'site-page api.mad.berth.test https://machines.balancer.0.publicAddress/balancer/health',
    'site-page mad.berth.test https://machines.front.0.publicAddress/balancer/health',
    'site-login prometheus.mad.berth.test https://machines.monitoring.0.publicAddress/',
    'site-login alerts.mad.berth.test https://machines.monitoring.0.publicAddress/',
  ]);
  const cloud = targetsOf(blueprintOf('mad', 'aws'));
  expect(cloud).toContain('site-page mad.berth.test https://balancers.front.address/health');
  expect(cloud.join('\n')).not.toMatch(/mad-(front|redis)-0/);
  const names = { alsoAt: ['other.berth.test'], redirectFrom: ['www.berth.test'] };
  expect(targetsOf(blueprintOf('basegun', 'local', true, names)).filter((one) => one.startsWith('site'))).toEqual(
    expect.arrayContaining([
      expect.stringMatching(/^site-page other\.berth\.test /),
      'site-redirect www.berth.test https://machines.web.0.publicAddress/',
    ]),
  );
});

test("a name behind a provider's gateway is not asked at a machine, which answers no visitor over HTTPS", () => {
  const upstream = {
    tls: 'upstream',
    gatewayNetworks: ['10.9.0.0/16'],
    monitoring: { contact: 'a@berth.test', size: 'small' },
  };
  const stack = stackOf('basegun', 'local', {}, { ...further, ...upstream });
  const entry = (stack.config['berth:systems'] as Record<string, Record<string, unknown>>).basegun ?? {};
  const { contact: _, ...written } = entry;
  const [blueprint] = read(
    { ...stack, config: { ...stack.config, 'berth:systems': { basegun: written } } },
    'preprod',
  ).blueprints;
  expect(targetsOf(blueprint as Blueprint).filter((one) => one.startsWith('site'))).toEqual([
    'site-login prometheus.basegun.berth.test https://machines.monitoring.0.publicAddress/',
    'site-login alerts.basegun.berth.test https://machines.monitoring.0.publicAddress/',
  ]);
});

test("a cache is asked from the machine that watches, the cloud's own and one on a machine alike", () => {
  const [onMachine, ofCloud] = [blueprintOf('mad', 'local'), blueprintOf('mad', 'aws')];
  expect(targetsOf(onMachine)).toContain('redis mad-redis-0 redis-exporter:9121');
  expect(targetsOf(ofCloud)).toContain('redis redis redis-exporter:9121');
  expect(needsOf(container(onMachine, 'redis-exporter').env)).toEqual({
    refs: ['machines.redis.0.privateAddress'],
    secrets: ['redisPassword'],
  });
  expect(needsOf(container(ofCloud, 'redis-exporter').env).refs).toEqual([
    ...['caches.redis.host', 'caches.redis.port', 'caches.redis.scheme'],
  ]);
  for (const blueprint of [onMachine, ofCloud])
    expect(blueprint.rules).toContainEqual(
      expect.objectContaining({ from: { role: 'monitoring' }, to: 'redis', port: 6379 }),
    );
});

test('an exporter checks a cache with TLS by the authority of its machine, and what it reads is encrypted', () => {
  const redis = { size: 'small', tls: true };
  const onMachine = blueprintOf('mad', 'local', true, { redis });
  const { env, secretFiles = {} } = container(onMachine, 'redis-exporter');
  expect(env.SSL_CERT_DIR).toBe('/etc/berth-tls');
  expect(needsOf(secretFiles).refs).toEqual(['certificates.redis.authority']);
  const ofCloud = container(
    blueprintOf('mad', 'aws', true, { redis: { size: 'cache.t4g.micro', tls: true } }),
    'redis-exporter',
  );
  expect(needsOf(ofCloud.secretFiles).refs).toEqual(['caches.redis.authority']);
  const rules = onMachine.rules.filter(({ to, port }) => to === 'redis' && port === 6379);
  expect(rules.map(({ encrypted }) => encrypted)).toEqual([true, true]);
});

test('a block says more: size, disk, names, contact, how long figures are kept; and who is told of alerts', () => {
  const monitoring = {
    size: 'medium',
    volumeGb: 50,
    retentionDays: 7,
    domain: 'ops.berth.test',
    contact: 'a@berth.test',
  };
  const blueprint = blueprintOf('basegun', 'local', monitoring, { alerts: { discord: { secret: 'discordWebhook' } } });
  expect(blueprint.roles.monitoring).toMatchObject({
    ...{ size: 'medium', volume: { sizeGb: 50 } },
    edge: { tls: { email: 'a@berth.test' }, routes: [{ domain: 'prometheus.ops.berth.test' }, {}, {}] },
  });
  expect(container(blueprint, 'prometheus').command).toContain('--storage.tsdb.retention.time=7d');
  expect(needsOf(container(blueprint, 'alertmanager').secretFiles).secrets).toEqual(['discordWebhook']);
});

test.each<[string, SystemName, CloudName, object, RegExp]>([
  ['a size that the cloud has not', 'basegun', 'local', { monitoring: { size: 'huge' } }, /monitoring\.size\n.*huge/],
  ['no machine to adopt', 'catalogage', 'existing', { monitoring: true }, /monitoring\.hosts\n +is missing/],
  ['alerts that nothing finds', 'basegun', 'local', { alerts: {} }, /basegun\.alerts\n +has no effect/],
  [
    ...(['certificates without a contact', 'basegun', 'local'] as const),
    { tls: 'upstream', contact: undefined, gatewayNetworks: ['10.9.0.0/16'], monitoring: true },
    /monitoring\.contact\n +is missing/,
  ],
  [
    ...(['figures in clear over a public network', 'basegun', 'openstack'] as const),
    { monitoring: true, trustNetwork: false },
    /would cross|in clear|trustNetwork/,
  ],
])('%s is refused, with what to do', (_, system, cloud, own, message) => {
  const config = stackOf(system, cloud, {}, { ...further, ...own }).config['berth:systems'] as Record<string, object>;
  const written = Object.fromEntries(Object.entries(config[system] ?? {}).filter(([, value]) => value !== undefined));
  expect(() => read(stackOf(system, cloud, { 'berth:systems': { [system]: written } }), 'preprod')).toThrow(message);
});

test('on machines that exist, one more is adopted for it', () => {
  const { roles } = blueprintOf('catalogage', 'existing', { hosts: [{ ...adopted, hostKey }] });
  expect(roles.monitoring?.hosts).toHaveLength(1);
});

test('its secrets are asked for by their names, and those of alerts', () => {
  const entry = { monitoring: true, alerts: { discord: { secret: 'discordWebhook' } } };
  const stack = stackOf('basegun', 'local', {}, entry);
  expect(() =>
    read({ ...stack, config: { ...stack.config, 'berth:secrets': { 'basegun/grafanaPasswort': 'x' } } }, 'preprod'),
  ).toThrow(/basegun\/grafanaPassword, basegun\/monitoringUsers|grafanaPassword/);
});

test('each machine of a Redis that another one takes over from is watched', () => {
  const redis = { size: 'small', failover: true };
  expect(targetsOf(blueprintOf('mad', 'local', true, { redis })).filter((one) => one.startsWith('redis'))).toEqual(
    [0, 1, 2].map((index) => `redis mad-redis-${index} redis-exporter-${index}:9121`),
  );
  const ofCloud = { size: 'cache.t4g.micro', failover: true };
  expect(targetsOf(blueprintOf('mad', 'aws', true, { redis: ofCloud }))).toContain('redis redis redis-exporter:9121');
});
