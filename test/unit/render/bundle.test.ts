import { createHash } from 'node:crypto';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/edge.ts';
import { registryOf } from '../../../src/model/registries.ts';
import { type Container, isContainer } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { container, machineInput, releaseIn } from './fixtures.ts';

const edge: Edge = {
  kind: 'traefik',
  image: 'registry.example/traefik:v3.6.12',
  tls: { kind: 'upstream', networks: ['192.0.2.0/28'] },
  routes: [{ domain: 'shop.example.org', prefix: '/', service: 'page' }],
  drainSeconds: 5,
  uploads: { largestMb: 5, atOnce: 20 },
};

const page = container({
  name: 'page',
  port: 8080,
  calls: ['api'],
  health: { path: '/', command: ['true'], deadlineSeconds: 60 },
});
const api = container({
  name: 'api',
  port: 5000,
  env: { PASSWORD: secret('password'), TOKEN: ref('logStreams.app.token') },
  mounts: [{ kind: 'logs', name: 'api', path: '/logs', readOnly: false, perRelease: true, owner: '10001:0' }],
});

const given = (own: Parameters<typeof machineInput>[0] = {}) =>
  machineInput({
    services: [page, api],
    edge,
    secrets: { password: 'hunter2-password' },
    facts: { 'logStreams.app.token': 'hunter2-token' },
    secretFacts: ['logStreams.app.token'],
    ...own,
  });

test('the same input is the same release; a new secret, fact or image is another', () => {
  const { hash } = bundle(given());
  expect(bundle(given()).hash).toBe(hash);
  expect(hash).toMatch(/^[0-9a-f]{16}$/);
  expect(bundle(given({ secrets: { password: 'other' } })).hash).not.toBe(hash);
  expect(bundle(given({ facts: { 'logStreams.app.token': 'other' } })).hash).not.toBe(hash);
  expect(bundle(given({ images: { [api.image]: 'other' } })).hash).not.toBe(hash);
});

test('a release names itself in its settings', () => {
  const { hash, entries } = bundle(given());
  expect(releaseIn(entries).name).toBe(hash);
});

test('secrets stand in compose files and in the list that keeps them out of logs, nowhere else', () => {
  const { entries } = bundle(given());
  const holding = Object.keys(entries).filter((path) => entries[path]?.includes('hunter2'));
  expect(holding.sort()).toEqual(['colours.yaml', 'secrets.json']);
  expect(JSON.parse(entries['secrets.json'] ?? '')).toEqual(['hunter2-password', 'hunter2-token']);
});

test('a secret of several lines is kept out of logs line by line', () => {
  const { entries } = bundle(given({ secrets: { password: 'first\nsecond' } }));
  expect(JSON.parse(entries['secrets.json'] ?? '')).toEqual(['first', 'second', 'hunter2-token']);
});

test('a secret file is mounted where its service looks for it, and is its alone', () => {
  const input = given();
  const [service] = input.role.services.filter(isContainer);
  if (!service) throw new Error('no container');
  const own = { ...service, user: '1000:0', secretFiles: { '/etc/app/ca.pem': { secret: 'password' } } };
  const services = [own, ...input.role.services.filter((other) => other !== service)];
  const { entries } = bundle({ ...input, role: { ...input.role, services } });
  const file = releaseIn(entries).files.find(({ path }) => path.endsWith('/secret%etc%app%ca.pem'));
  expect(file).toMatchObject({ kind: 'release', mode: '0400', owner: '1000:0' });
  expect(entries[`files${file?.path}`]).toBe('hunter2-password');
  expect(entries['colours.yaml']).toMatch(/\/secret%etc%app%ca\.pem:\/etc\/app\/ca\.pem:ro/);
});

test('every placed file is listed with its sum, and nobody else can write to it', () => {
  const { entries } = bundle(given());
  const placed = Object.entries(entries).flatMap(([path, text]) =>
    path.startsWith('files/') ? [[path.slice('files'.length), createHash('sha256').update(text).digest('hex')]] : [],
  );
  const { files } = releaseIn(entries);
  expect(files.map(({ path, sha256 }) => [path, sha256]).sort()).toEqual(placed.sort());
  expect(files.filter(({ mode, owner }) => !/^0(6[04][04]|755)$/.test(mode) || owner !== '0:0')).toEqual([]);
});

test('services stand in the order of their start, each with two ports of its own that others do not move', () => {
  const { entries } = bundle(given());
  const ports = (services: readonly Container[]) =>
    Object.fromEntries(
      releaseIn(bundle(given({ services })).entries).services.map(({ name, blue, green }) => [name, [blue, green]]),
    );
  expect(releaseIn(entries).services.map(({ name }) => name)).toEqual(['api', 'page']);
  expect(ports([api]).api).toEqual(ports([page, api, container({ name: 'more' })]).api);
  const [blue = 0, green] = ports([api]).api ?? [];
  expect(green).toBe(blue + 1);
});

const breaking = fc
  .tuple(fc.string(), fc.constantFrom('\t', '\n', '\r\n', '\n#\t', '"', "'; reboot '", '\u2028'), fc.string())
  .map(([before, middle, after]) => `x${before}${middle}${after}`);

test('whatever text comes from outside stays the one value that it is', () => {
  const before = releaseIn(bundle(given()).entries);
  fc.assert(
    fc.property(breaking, (text) => {
      const healthy = { ...page, image: text, health: { ...page.health, path: text, deadlineSeconds: 60 } };
      const services = [healthy as Container, api];
      const routes = [{ domain: text, prefix: '/', service: 'page' }];
      const release = releaseIn(bundle(given({ services, edge: { ...edge, routes } })).entries);
      expect(release.services.map(({ health }) => health?.path)).toEqual([undefined, text]);
      expect(release.edge?.domain).toBe(text);
      expect(release.images).toEqual([api.image, text, edge.image]);
      expect({ ...release, packages: [], units: [] }).toMatchObject({
        ...{ system: before.system, version: before.version, adopted: before.adopted, builds: before.builds },
        ...{ folders: before.folders, volumeDevices: before.volumeDevices },
      });
    }),
    { numRuns: 25 },
  );
});

test('logins go to the machine for the registries of its own images, and change no release', () => {
  const login = { user: 'bot', password: 'hunter2-token' };
  const { entries, hash } = bundle(given());
  expect(entries['logins.json']).toBeUndefined();
  const registry = registryOf(page.image);
  const other = bundle(given({ logins: { [registry]: login, 'quay.io': login } }));
  expect(JSON.parse(other.entries['logins.json'] ?? '')).toEqual({ [registry]: login });
  expect(other.hash).toBe(hash);
});
