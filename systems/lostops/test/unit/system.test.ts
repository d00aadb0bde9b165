import { systems as known } from 'berth:systems';
import { expect, test } from 'vitest';
import { clouds } from '../../../../src/clouds/registry.ts';
import { readEnvironmentFile } from '../../../../src/config/file.ts';
import { loadEnvironment } from '../../../../src/config/load.ts';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { machinesOf } from '../../../../src/model/machines.ts';
import { monitoringSecrets } from '../../../../src/model/monitoring.ts';
import { releaseOrder } from '../../../../src/model/order.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { type Container, isContainer } from '../../../../src/model/service.ts';
import { needsOf } from '../../../../src/model/value.ts';
import { monitored } from '../../../../src/parts/monitoring.ts';
import { bundle } from '../../../../src/render/bundle.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import { environment } from '../../../../test/environment.ts';
import { releaseIn } from '../../../../test/unit/render/fixtures.ts';
import lostops from '../../system.ts';

const options = {
  version: '1.0.0',
  domain: 'lostops.example.org',
  contact: 'ops@example.org',
  app: { size: 'Standard_B2s', diskGb: 30 },
  database: { size: 'Standard_B2s', diskGb: 30, volumeGb: 50 },
};
const monitoring = { size: 'Standard_B2s', diskGb: 30, volumeGb: 20, retentionDays: 30 };

function blueprintOf(own: Readonly<Record<string, unknown>> = {}): Blueprint {
  const parsed = lostops.options.parse({ ...options, ...own });
  const declared = lostops.blueprint(parsed, environment);
  const watched = monitored(declared, monitoring, environment.name, { caches: false, balancers: false });
  return planned(lostops, watched, parsed);
}

function service(name: string, blueprint = blueprintOf()): Container {
  const found = Object.values(blueprint.roles)
    .flatMap(({ services }) => services)
    .find((candidate) => candidate.name === name);
  if (!found || !isContainer(found)) throw new Error(`no container ${name}`);
  return found;
}

test('is three machines, of which two keep data on disks of their own', () => {
  const { roles, records, url, buckets } = blueprintOf();
  expect(
    Object.entries(roles).map(([name, { count, volume, address, services }]) => [
      name,
      count,
      address.kind,
      volume?.sizeGb,
      services.map((one) => one.name),
    ]),
  ).toEqual([
    ['app', 1, 'reserved', undefined, ['app', 'node-exporter']],
    ['database', 1, 'public', 50, ['mysql', 'mysqld-exporter', 'node-exporter']],
    ['monitoring', 1, 'reserved', 20, ['prometheus', 'alertmanager', 'blackbox', 'grafana', 'node-exporter']],
  ]);
  expect(records.map(({ name, to }) => [name, 'role' in to && to.role])).toEqual([
    ['app.lostops.example.org', 'app'],
    ['prometheus.lostops.example.org', 'monitoring'],
    ['alerts.lostops.example.org', 'monitoring'],
    ['grafana.lostops.example.org', 'monitoring'],
  ]);
  expect(url).toBe('https://app.lostops.example.org');
  expect(buckets).toEqual([]);
});

test('the world reaches two edges, the application its database, Prometheus the exporters, nobody else anything', () => {
  expect(blueprintOf().rules.map(({ from, to, port }) => [from, to, port])).toEqual([
    ['internet', 'app', 80],
    ['internet', 'app', 443],
    [{ role: 'app' }, 'database', 3306],
    ['operators', 'app', 22],
    ['operators', 'database', 22],
    ['internet', 'monitoring', 80],
    ['internet', 'monitoring', 443],
    [{ role: 'monitoring' }, 'app', 9100],
    [{ role: 'monitoring' }, 'database', 9100],
    [{ role: 'monitoring' }, 'database', 9104],
    [{ role: 'monitoring' }, 'app', 8082],
    ['operators', 'monitoring', 22],
  ]);
});

test('every port that a machine exposes has a rule, and every rule of a role has a port behind it', () => {
  const { roles, rules } = blueprintOf();
  const exposed = Object.entries(roles).flatMap(([role, { services }]) =>
    services.flatMap((one) => (isContainer(one) && one.exposed ? [`${role} ${one.exposed}`] : [])),
  );
  const edges = Object.entries(roles).flatMap(([role, { edge }]) =>
    edge?.metricsPort === undefined ? [] : [`${role} ${edge.metricsPort}`],
  );
  const between = rules.filter(({ from }) => typeof from === 'object').map(({ to, port }) => `${to} ${port}`);
  expect([...exposed, ...edges].sort()).toEqual(between.sort());
});

test('releases go from the database to the application to what watches them', () => {
  expect(releaseOrder(blueprintOf())).toEqual(['database', 'app', 'monitoring']);
});

test('each machine waits for the addresses that its own services name', () => {
  const blueprint = blueprintOf();
  const refs = machinesOf(blueprint).map(({ machine, role }) => machineNeeds(blueprint, role, machine).refs);
  const acme = ['acme.authority', 'acme.directory'];
  const address = (role: string) => `machines.${role}.0.privateAddress`;
  const authority = 'certificates.database.authority';
  expect(refs).toEqual([
    [...acme, authority, address('database'), address('monitoring')],
    [authority, 'certificates.database.certificate', 'certificates.database.key'].concat(
      [address('app'), 'machines.database.0.volumeDevice', address('monitoring')].sort(),
    ),
    [
      ...[...acme, 'acme.roots', address('app'), address('database'), 'machines.monitoring.0.volumeDevice'],
      // Which are asked as visitors ask them
      ...['machines.app.0.publicAddress', 'machines.monitoring.0.publicAddress'],
    ].sort(),
  ]);
});

test('every secret that it asks for is used, and the other way round', () => {
  expect(needsOf(blueprintOf()).secrets).toEqual(
    Object.keys({ ...monitoringSecrets, ...lostops.secrets(lostops.options.parse(options)) }).sort(),
  );
});

test('no secret and no text of one is on a command line or in a file that others may read', () => {
  for (const { services } of Object.values(blueprintOf().roles)) {
    for (const one of services.filter(isContainer)) {
      expect(needsOf([one.command, one.config, one.check, one.health?.command]).secrets, one.name).toEqual([]);
    }
  }
});

test('Prometheus and Alertmanager, which know no login, are behind one; Grafana has its own', () => {
  const routes = blueprintOf().roles.monitoring?.edge?.routes ?? [];
  expect(routes.map(({ service, users }) => [service, users])).toEqual([
    ['prometheus', { secret: 'monitoringUsers' }],
    ['alertmanager', { secret: 'monitoringUsers' }],
    ['grafana', undefined],
  ]);
  expect(service('grafana').env.GF_SECURITY_ADMIN_PASSWORD).toEqual({ secret: 'grafanaPassword' });
});

test('whatever is written down lies on the data disk or in /tmp: the database, figures, alerts, dashboards', () => {
  const kept = ['mysql', 'prometheus', 'alertmanager', 'grafana'].map((name) => [
    name,
    service(name).mounts.map((mount) => [mount.kind, mount.path]),
  ]);
  expect(kept).toEqual([
    [
      'mysql',
      [
        ['data', '/var/lib/mysql'],
        ['data', '/var/run/mysqld'],
        ['data', '/var/tmp/mysql'],
      ],
    ],
    ['prometheus', [['data', '/prometheus']]],
    ['alertmanager', [['data', '/alertmanager']]],
    ['grafana', [['data', '/var/lib/grafana']]],
  ]);
});

test('the services of a machine fit in its 4 GB, the application twice in 2', () => {
  for (const [role, gigabytes] of [
    ['app', 2],
    ['database', 4],
    ['monitoring', 4],
  ] as const) {
    const services = blueprintOf().roles[role]?.services ?? [];
    const needed = services.reduce((sum, one) => sum + one.memoryMb * (one.rollout === 'colours' ? 2 : 1), 0);
    expect(needed, role).toBeLessThan(gigabytes * 1024 * 0.8);
  }
});

test('images are named by exact versions, and the application by its own', () => {
  const images = Object.values(blueprintOf({ version: '1.2.3' }).roles).flatMap(({ services }) =>
    services.filter(isContainer).map(({ image }) => image),
  );
  for (const image of images) expect(image).toMatch(/:v?\d+\.\d+\.\d+$/);
  expect(images).toContain('ghcr.io/lostops-stg5/lostops-app:1.2.3');
  const own = blueprintOf({ images: { app: 'registry.example/own:1.0.0' } });
  expect(service('app', own).image).toBe('registry.example/own:1.0.0');
});

test.each([
  ['/dev/disk/azure/scsi1/lun0', true],
  ['', false],
])('a data disk at %j is mounted by the machine: %s', (device, mounts) => {
  const blueprint = blueprintOf();
  const [, database] = machinesOf(blueprint);
  if (!database) throw new Error('it has a database');
  const needs = machineNeeds(blueprint, database.role, database.machine);
  const { entries } = bundle({
    blueprint,
    ...database,
    facts: {
      ...Object.fromEntries(needs.refs.map((name) => [name, '192.0.2.1'])),
      'machines.database.0.volumeDevice': device,
    },
    secrets: Object.fromEntries(needs.secrets.map((name) => [name, `secret-${name}`])),
    secretFacts: [],
    operators: environment.operators,
    deployKey: 'ssh-ed25519 AAAA deploy',
    user: 'berth',
    images: {},
    plainRegistries: [],
    logins: {},
    containerRange: '172.30.192.0/18',
    restartEdge: false,
  });
  const release = releaseIn(entries);
  expect(release.volumeDevices).toEqual(mounts ? [device] : []);
  expect(release.packages.includes('e2fsprogs')).toBe(mounts);
});

test('a further name of the application that another of its own sites has is refused, with its path', () => {
  const project = new URL('../../../../', import.meta.url).pathname;
  const read = readEnvironmentFile(`${project}Pulumi.preprod.yaml`, 'preprod');
  const systems = structuredClone(read.config['berth:systems']) as Record<string, Record<string, unknown>>;
  const domain = systems.lostops?.domain;
  const load = (redirectFrom: readonly string[]) => {
    const config = { ...read.config, 'berth:systems': { ...systems, lostops: { ...systems.lostops, redirectFrom } } };
    return loadEnvironment({ ...read, config }, known, clouds, { secrets: 'names' });
  };
  expect(() => load([`www.${domain}`])).not.toThrow();
  expect(() => load([`www.${domain}`, `grafana.${domain}`])).toThrow(
    /berth:systems\.lostops\.redirectFrom\[1\]\n.*grafana\..* is already in use/,
  );
});

test('workers and a clock are on the machine of the application where they are asked for, and open nothing', () => {
  const own = { workers: { count: 2, stopSeconds: 120 }, scheduler: true };
  const { roles, rules } = blueprintOf(own);
  expect(roles.app?.services.map(({ name }) => name)).toEqual([
    'app',
    'worker-0',
    'worker-1',
    'scheduler',
    'node-exporter',
  ]);
  expect(rules).toEqual(blueprintOf().rules);
  expect(service('worker-1', blueprintOf(own))).toMatchObject({ stopSeconds: 120, memoryMb: 256 });
  expect(service('worker-0', blueprintOf({ workers: {} })).command).toEqual(['php', 'artisan', 'queue:work']);
});

test('there is one clock: the application, and what keeps data, is on one machine alone', () => {
  const host = (n: number) => ({ address: `203.0.113.${n}`, user: 'debian', hostKey });
  for (const role of ['app', 'database']) {
    const two = lostops.options.safeParse({ ...options, [role]: { hosts: [host(1), host(2)] } });
    expect(two.error?.issues.map(({ code, path }) => [code, path])).toEqual([['too_big', [role, 'hosts']]]);
    expect(lostops.options.safeParse({ ...options, [role]: { hosts: [host(1)] } }).success).toBe(true);
  }
});

const hostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';
