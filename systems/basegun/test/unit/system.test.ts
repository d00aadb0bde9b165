import { expect, test } from 'vitest';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { type Container, isContainer, variablesOf } from '../../../../src/model/service.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import { environment } from '../../../../test/environment.ts';
import basegun from '../../system.ts';

const options = {
  version: '3.3.0',
  domain: 'preprod.basegun.fr',
  web: { size: 's1-2', diskGb: 10 },
  tls: 'acme',
  contact: 'ops@example.org',
};
const upstream = { tls: 'upstream', contact: undefined, gatewayNetworks: ['203.0.113.0/28'] };

/** Undefined takes a key away */
function blueprintOf(own: Readonly<Record<string, unknown>> = {}): Blueprint {
  const given = Object.entries({ ...options, ...own }).filter(([, value]) => value !== undefined);
  const parsed = basegun.options.parse(Object.fromEntries(given));
  return planned(basegun, basegun.blueprint(parsed, environment), parsed);
}

function needsOf(blueprint: Blueprint): readonly string[] {
  const web = blueprint.roles.web;
  if (!web) throw new Error('no role web');
  const { refs, secrets } = machineNeeds(blueprint, web, { system: 'basegun', role: 'web', index: 0 });
  expect(secrets).toEqual([]);
  return refs;
}

const containers = (blueprint: Blueprint): readonly Container[] =>
  blueprint.roles.web?.services.filter(isContainer) ?? [];

function service(blueprint: Blueprint, name: string): Container {
  const found = containers(blueprint).find((candidate) => candidate.name === name);
  if (!found) throw new Error(`no service ${name}`);
  return found;
}

const logs = ['host', 'kafka', 'opensearch', 'password', 'port', 'scheme', 'token', 'username'].map(
  (name) => `logStreams.app.${name}`,
);
const s3 = ['accessKey', 'bucket', 'endpoint', 'region', 'secretKey'].map((name) => `buckets.uploads.${name}`);
const swift = ['bucket', 'endpoint', 'password', 'project', 'region', 'username'].map(
  (name) => `buckets.uploads.${name}`,
);
const acme = ['acme.authority', 'acme.directory'];

test('is one machine with a reserved address, and one bucket, one log stream, one name', () => {
  const { roles, buckets, logStreams, records, url } = blueprintOf();
  expect(Object.keys(roles)).toEqual(['web']);
  expect(roles.web).toMatchObject({ count: 1, size: 's1-2', diskGb: 10, address: { kind: 'reserved' } });
  expect(roles.web?.services.map(({ name, rollout }) => [name, rollout])).toEqual([
    ['backend', 'colours'],
    ['frontend', 'colours'],
    ['filebeat', 'replace'],
  ]);
  expect(buckets).toEqual([{ name: 'uploads', apis: ['s3'] }]);
  expect(logStreams).toEqual([{ name: 'app' }]);
  expect(records).toEqual([{ name: 'preprod.basegun.fr', to: { role: 'web', index: 0 } }]);
  expect(url).toBe('https://preprod.basegun.fr');
});

test('waits for the certificate authority, its bucket and its log stream, and for no more', () => {
  expect(needsOf(blueprintOf())).toEqual([...acme, ...s3, ...logs]);
  expect(needsOf(blueprintOf({ storage: 'swift' }))).toEqual([...acme, ...swift, ...logs]);
  expect(needsOf(blueprintOf(upstream))).toEqual([...s3, ...logs]);
});

test('with its own certificate, the world reaches 80 and 443, operators SSH, nobody else anything', () => {
  const reach = blueprintOf().rules.map(({ from, to, port, protocol }) => [from, to, port, protocol]);
  expect(reach).toEqual([
    ['internet', 'web', 80, 'tcp'],
    ['internet', 'web', 443, 'tcp'],
    ['operators', 'web', 22, 'tcp'],
  ]);
});

test('behind a gateway only its networks reach port 80, and their forwarded headers alone are believed', () => {
  const { rules, roles } = blueprintOf(upstream);
  expect(rules.map(({ from, port }) => [from, port])).toEqual([
    [{ networks: ['203.0.113.0/28'], name: 'gateway' }, 80],
    ['operators', 22],
  ]);
  expect(roles.web?.edge?.tls).toEqual({ kind: 'upstream', networks: ['203.0.113.0/28'] });
});

test('the port that users see is the one that this computer shows', () => {
  const blueprint = blueprintOf({ web: { size: 'small', diskGb: 10, publish: { 443: 8443 } } });
  expect(blueprint.url).toBe('https://preprod.basegun.fr:8443');
  expect(blueprint.roles.web?.edge?.tls).toMatchObject({ httpsPort: 8443 });
});

test('an address that is reserved already is adopted', () => {
  const blueprint = blueprintOf({ web: { size: 's1-2', diskGb: 10, address: '203.0.113.10' } });
  expect(blueprint.roles.web?.address).toEqual({ kind: 'reserved', adopt: '203.0.113.10' });
});

test.each(['latest', 'develop', '3.3', '3', 'v3', 'main', ''])('a version that moves is refused: %j', (version) => {
  expect(basegun.options.safeParse({ ...options, version }).success).toBe(false);
});

test.each(['ghcr.io/x/backend', 'ghcr.io/x/backend:latest', 'ghcr.io/x/backend:3.3', 'backend:develop'])(
  'an image whose tag moves is refused: %s',
  (backend) => expect(basegun.options.safeParse({ ...options, images: { backend } }).success).toBe(false),
);

test('every image has a tag that never moves, a full version or a digest', () => {
  const digest = `ghcr.io/x/backend@sha256:${'0'.repeat(64)}`;
  for (const blueprint of [blueprintOf(), blueprintOf(upstream), blueprintOf({ images: { backend: digest } })]) {
    const images = containers(blueprint).map(({ image }) => image);
    for (const image of [...images, blueprint.roles.web?.edge?.image])
      expect(image).toMatch(/(:v?\d+\.\d+\.\d+|@sha256:[0-9a-f]{64})$/);
  }
  expect(service(blueprintOf({ version: '3.3.1' }), 'frontend').image).toMatch(/basegun-frontend:3\.3\.1$/);
});

test('nothing runs as root, and only the backend writes its log, each release in a folder of its own', () => {
  const services = containers(blueprintOf());
  for (const { user } of services) expect(user).toMatch(/^[1-9]\d*:/);
  const writers = services.flatMap(({ name, mounts }) =>
    mounts.flatMap((mount) => (mount.kind === 'logs' && !mount.readOnly ? [[name, mount.perRelease]] : [])),
  );
  expect(writers).toEqual([['backend', true]]);
});

test("the shipper reads every release's log, also what was rotated, and keeps its place over releases", () => {
  const { config, mounts, env } = service(blueprintOf(), 'filebeat');
  const text = JSON.stringify(config);
  expect(mounts[0]).toMatchObject({ kind: 'logs', name: 'backend', path: '/var/log/shipped', readOnly: true });
  expect(text).toContain('"/var/log/shipped/*/log.json*"');
  expect(mounts[1]).toMatchObject({ kind: 'data', name: 'filebeat', path: '/var/lib/filebeat', perRelease: false });
  expect(text).toContain('"path.data":"/var/lib/filebeat"');
  expect(env.X_OVH_TOKEN).toEqual({ ref: 'logStreams.app.token' });
});

test("the application's own settings are passed through", () => {
  const backend = service(blueprintOf({ env: { LOG_LEVEL: 'debug' } }), 'backend');
  expect(variablesOf(backend)).toMatchObject({ LOG_LEVEL: 'debug', WORKSPACE: 'preprod', PATH_LOGS: '/app/logs' });
});

test('whoever waits for the backend finds a health check with a deadline', () => {
  for (const name of ['backend', 'frontend']) {
    const { health, port } = service(blueprintOf(), name);
    expect(port).toBeGreaterThan(1024);
    expect(health?.path).toMatch(/^\//);
    expect(health?.deadlineSeconds).toBeGreaterThan(0);
  }
});
