import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/edge.ts';
import { registryOf } from '../../../src/model/registries.ts';
import { type Container, isContainer } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { container, machineInput } from './fixtures.ts';

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

const rows = (entries: Readonly<Record<string, string>>, name: string): string[][] =>
  (entries[name] ?? '')
    .split('\n')
    .filter((line) => line !== '' && !line.startsWith('#'))
    .map((line) => line.split('\t'));

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
  expect(entries['release.env']).toContain(`RELEASE='${hash}'\n`);
});

test('secrets stand in compose files and in the list that keeps them out of logs, nowhere else', () => {
  const { entries } = bundle(given());
  const holding = Object.keys(entries).filter((path) => entries[path]?.includes('hunter2'));
  expect(holding.sort()).toEqual(['colours.yaml', 'secrets']);
  expect(entries.secrets).toBe('hunter2-password\nhunter2-token\n');
});

test('a secret of several lines is kept out of logs line by line', () => {
  expect(bundle(given({ secrets: { password: 'first\nsecond' } })).entries.secrets).toBe(
    'first\nsecond\nhunter2-token\n',
  );
});

test('a secret file is mounted where its service looks for it, and is its alone', () => {
  const input = given();
  const [service] = input.role.services.filter(isContainer);
  if (!service) throw new Error('no container');
  const own = { ...service, user: '1000:0', secretFiles: { '/etc/app/ca.pem': { secret: 'password' } } };
  const services = [own, ...input.role.services.filter((other) => other !== service)];
  const { entries } = bundle({ ...input, role: { ...input.role, services } });
  const [row] = rows(entries, 'files.tsv').filter((cells) => cells.at(-1)?.endsWith('/secret%etc%app%ca.pem'));
  expect(row?.slice(0, 3)).toEqual(['release', '0400', '1000:0']);
  expect(entries[`files${row?.at(-1)}`]).toBe('hunter2-password');
  expect(entries['colours.yaml']).toMatch(/\/secret%etc%app%ca\.pem:\/etc\/app\/ca\.pem:ro/);
});

test('every placed file is in each of the three lists, and nobody else can write to it', () => {
  const { entries } = bundle(given());
  const placed = Object.keys(entries).flatMap((path) =>
    path.startsWith('files/') ? [path.slice('files'.length)] : [],
  );
  const listed = (name: string, pattern: RegExp) =>
    (entries[name] ?? '').split('\n').flatMap((line) => pattern.exec(line)?.[1] ?? []);
  expect(listed('paths', /^(.+)$/).sort()).toEqual(placed.sort());
  expect(listed('modes', /^06[04][04] 0:0 (.+)$/).sort()).toEqual(placed);
  expect(listed('sums', /^[0-9a-f]{64} {2}(.+)$/).sort()).toEqual(placed);
  expect(
    rows(entries, 'files.tsv')
      .map((row) => row.at(-1))
      .sort(),
  ).toEqual(placed);
});

test('tables have a cell for each column of their head, none of them empty', () => {
  const { entries } = bundle(given());
  for (const name of Object.keys(entries).filter((path) => path.endsWith('.tsv'))) {
    const columns = (entries[name] ?? '').split('\n')[0]?.replace('# ', '').split(' ').length;
    for (const row of rows(entries, name)) {
      expect(row, name).toHaveLength(columns ?? 0);
      expect(row, name).not.toContain('');
    }
  }
});

test('services stand in the order of their start, each with two ports of its own that others do not move', () => {
  const { entries } = bundle(given());
  const ports = (services: readonly Container[]) =>
    Object.fromEntries(
      rows(bundle(given({ services })).entries, 'services.tsv').map((row) => [row[0], row.slice(3, 5)]),
    );
  expect(rows(entries, 'services.tsv').map(([name]) => name)).toEqual(['api', 'page']);
  expect(ports([api]).api).toEqual(ports([page, api, container({ name: 'more' })]).api);
  const [blue, green] = (ports([api]).api ?? []).map(Number);
  expect(green).toBe((blue ?? 0) + 1);
});

const breaking = fc
  .tuple(fc.string(), fc.constantFrom('\t', '\n', '\r\n', '\n#\t'), fc.string())
  .map(([before, middle, after]) => `x${before}${middle}${after}`);

test('no tab or line break from outside adds a column or a line to a table', () => {
  fc.assert(
    fc.property(breaking, (text) => {
      expect(() =>
        bundle(
          given({ services: [container({ name: 'api', health: { path: text, command: [], deadlineSeconds: 1 } })] }),
        ),
      ).toThrow("can't stand in a list");
    }),
    { numRuns: 25 },
  );
});

test.each([
  ["a quote'; reboot '", "can't stand in a list"],
  ['a\nREBOOT=yes', "can't stand in a list"],
])('a setting cannot leave its quotes: %j', (domain, message) => {
  expect(() => bundle(given({ edge: { ...edge, routes: [{ domain, prefix: '/', service: 'page' }] } }))).toThrow(
    message,
  );
});

test('an image name cannot add another', () => {
  expect(() => bundle(given({ services: [container({ image: 'a\nb' })] }))).toThrow("can't stand in a list");
});

test('logins go to the machine for the registries of its own images, and change no release', () => {
  const login = { user: 'bot', password: 'hunter2-token' };
  const { entries, hash } = bundle(given());
  expect(entries['logins.tsv']).toBeUndefined();
  const registry = registryOf(page.image);
  const other = bundle(given({ logins: { [registry]: login, 'quay.io': login } }));
  expect(rows(other.entries, 'logins.tsv')).toEqual([[registry, 'bot', 'hunter2-token']]);
  expect(other.hash).toBe(hash);
});
