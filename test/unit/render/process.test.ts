import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { Container, Process } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { definitions } from '../../../src/render/definition.ts';
import { buildName } from '../../../src/render/process.ts';
import { quoted } from '../../../src/render/quoted.ts';
import { container, machineInput, releaseIn, source, supervised } from './fixtures.ts';

const api = supervised({
  name: 'api',
  command: ['venv/bin/python', '-m', 'server'],
  env: { URL: secret('databaseUrl'), HOST: ref('caches.redis.host') },
  portVariable: 'API_PORT',
  loopback: 3579,
});
const page = supervised({ name: 'page', folder: 'client', command: ['node', './build'], calls: ['api'] });

const given = (services: readonly (Container | Process)[], own: { password?: string; host?: string } = {}) =>
  machineInput({
    services,
    secrets: { databaseUrl: own.password ?? "it's a $ecret" },
    facts: { 'caches.redis.host': own.host ?? '192.0.2.9' },
  });

const entries = (services: readonly (Container | Process)[] = [page, api]) => bundle(given(services)).entries;
const release = (services?: readonly (Container | Process)[]) => releaseIn(entries(services));
const hashes = (input: ReturnType<typeof given>): Record<string, string> =>
  Object.fromEntries(definitions(input).map(({ service, hash }) => [service.name, hash]));

test('what is called starts first, on two ports of its own, with its health path', () => {
  const [first, second] = release().services;
  expect([first?.name, second?.name]).toEqual(['api', 'page']);
  expect(first?.rollout).toBe('colours');
  expect(first?.green).toBe((first?.blue ?? 0) + 1);
  expect(first).toMatchObject({
    ...{ calls: [], deadlineSeconds: 30, memoryMb: 100 },
    health: { path: '/health', deadlineSeconds: 30, status: '2..' },
  });
  expect(second?.calls).toEqual(['api']);
});

test('processes of one source are built once, each runs as a user of its own', () => {
  const build = buildName(source);
  expect(release().builds).toEqual([
    { name: build, repository: 'https://git.example/shop.git', revision: '1.0.0', user: 'shop-build' },
  ]);
  expect(release().services.map(({ name, process }) => [name, process])).toEqual([
    ['api', { user: 'shop-api', build, stopSeconds: 30 }],
    ['page', { user: 'shop-page', build, stopSeconds: 30 }],
  ]);
  expect(entries()[`builds/${build}.sh`]).toBe("export MODE='live'\nmake\n");
});

test('a version of a language comes first on the path of its build and its program, and uv brings its own sum', () => {
  const own = { ...source, runtimes: { python: '3.8.9', node: '22' } };
  const told = entries([supervised({ name: 'api', source: own })]);
  const { builds, packages } = releaseIn(told);
  expect(builds[0]?.runtimes).toEqual([
    { language: 'python', version: '3.8.9', origin: '' },
    { language: 'node', version: '22', origin: 'https://nodejs.org/dist' },
  ]);
  const runtimes = ['python-3.8.9', 'node-22'].map((name) => `/srv/berth/shop/runtimes/${name}/bin`);
  const path = [...runtimes, '/usr/local/bin', '/usr/bin', '/bin'].join(':');
  expect(told[`builds/${buildName(own)}.sh`]).toBe(`export PATH=${path}\nexport MODE='live'\nmake\n`);
  const [start] = Object.entries(told).filter(
    ([name]) => name.endsWith('/api/start') || /api\/[^/]+\/start$/.test(name),
  );
  expect(start?.[1]).toContain(`export PATH=${path} HOME=`);
  expect(told['builds/uv.txt']).toMatch(/^uv==\S+ (?:\\\n +--hash=sha256:[0-9a-f]{64} ?){2}\n?$/m);
  expect(packages).toContain('python3-venv');
  const mirrored = releaseIn(
    entries([supervised({ source: { ...source, runtimes: { python: '3.12', mirror: 'https://mirror.example/of' } } })]),
  );
  expect(mirrored.builds[0]?.runtimes).toEqual([
    { language: 'python', version: '3.12', origin: 'https://mirror.example/of/python.json' },
  ]);
});

test('without such a version nothing of it is there', () => {
  expect(Object.keys(entries())).not.toContain('builds/uv.txt');
  expect(release().builds[0]).not.toHaveProperty('runtimes');
  expect(release().packages).not.toContain('python3-venv');
});

test.each<[string, Partial<typeof source>]>([
  ['revision', { revision: '1.0.1' }],
  ['repository', { repository: 'https://git.example/other.git' }],
  ['command', { build: ['make all'] }],
  ['setting of the build', { env: { MODE: 'test' } }],
  ['package', { packages: ['golang'] }],
])('another %s is another folder, and another definition of whoever runs from it', (_, own) => {
  const changed = { ...source, ...own };
  expect(buildName(changed)).not.toBe(buildName(source));
  const [before, after] = [hashes(given([page, api])), hashes(given([page, { ...api, source: changed }]))];
  expect(after.api).not.toBe(before.api);
});

test.each<[string, ReturnType<typeof given>]>([
  ['a secret', given([page, api], { password: 'other' })],
  ['a fact', given([page, api], { host: '192.0.2.10' })],
  ['a word of the command', given([page, { ...api, command: ['venv/bin/python', '-m', 'other'] }])],
  ['its patience', given([page, { ...api, stopSeconds: 31 }])],
])('%s changes the process and who calls it', (_, input) => {
  const [before, after] = [hashes(given([page, api])), hashes(input)];
  expect(Object.keys(before).filter((name) => before[name] !== after[name])).toEqual(['api', 'page']);
});

test('secrets stand in files that root alone may read, and in the list that keeps them out of logs, nowhere else', () => {
  const all = entries();
  const places = Object.entries(all).filter(([, text]) => /it'(\\'')?s a \$ecret/.test(text));
  const start = places.map(([path]) => path).find((path) => path.endsWith('/start'));
  expect(places.map(([path]) => path).sort()).toEqual([start, 'secrets.json'].sort());
  const path = start?.slice('files'.length);
  expect(releaseIn(all).files).toContainEqual(
    expect.objectContaining({ path, kind: 'release', mode: '0600', owner: '0:0' }),
  );
});

test('a secret file is root’s alone beside the start script, and another text of it is another definition', () => {
  const withFile = (password: string) =>
    given([page, { ...api, secretFiles: { API_CA_FILE: secret('databaseUrl') } }], { password });
  const all = bundle(withFile('PEM')).entries;
  const path = `/etc/berth/shop/api/${hashes(withFile('PEM')).api}/secret-API_CA_FILE`;
  expect(all[`files${path}`]).toBe('PEM');
  expect(releaseIn(all).files).toContainEqual(expect.objectContaining({ path, mode: '0600', owner: '0:0' }));
  expect(hashes(withFile('PEM')).api).not.toBe(hashes(withFile('another')).api);
});

test('the definition that the supervisor knows is the first thing its file says, and where the start script lies', () => {
  const { api: hash } = hashes(given([page, api]));
  const program = entries()['supervisor/api.conf'] ?? '';
  expect(program.split('\n')[0]).toBe(`; ${hash}`);
  expect(program).toContain('[program:shop-api-@colour@]\n');
  expect(program).toContain(`command=/bin/bash /etc/berth/shop/api/${hash}/start @port@\n`);
});

test('a program starts in its folder, with its settings, its port and without rights', () => {
  const start =
    Object.entries(entries()).find(([path]) => path.includes('/api/') && path.endsWith('/start'))?.[1] ?? '';
  const folder = `/srv/berth/shop/builds/${buildName(source)}`;
  expect(start).toContain(`cd '${folder}/.'\n`);
  expect(start).toContain('export API_PORT="$1"\n');
  expect(start).toMatch(/exec setpriv --reuid 'shop-api' .*--no-new-privs --bounding-set=-all .*-- /);
  expect(start).toContain(`-- '${folder}/venv/bin/python' '-m' 'server'\n`);
});

test('a shell reads any text as it is', () => {
  fc.assert(
    fc.property(fc.string({ unit: 'grapheme-ascii' }), (text) => {
      const said = execFileSync('bash', ['--norc', '-c', `printf %s ${quoted(text)}`]).toString();
      expect(said).toBe(text);
    }),
    { numRuns: 30 },
  );
});

test('a machine without containers needs no engine, one without processes no supervisor', () => {
  const own = (all: Readonly<Record<string, string>>) => Object.keys(all).filter((path) => !path.startsWith('engine/'));
  expect(release().packages).toEqual(expect.arrayContaining(['supervisor', 'make']));
  expect(release().packages.join()).not.toContain('docker');
  expect(own(entries()).filter((path) => /docker|\.yaml$/.test(path))).toEqual([]);
  const only = entries([container()]);
  expect(releaseIn(only).packages).not.toContain('supervisor');
  expect(only).toHaveProperty('colours.yaml');
  expect(own(only).filter((path) => /supervisor|builds/.test(path))).toEqual([]);
  expect(releaseIn(only)).toMatchObject({
    builds: [],
    services: [expect.not.objectContaining({ process: expect.anything() })],
  });
});

test('containers and processes stand side by side on one machine', () => {
  const both = entries([page, api, container({ name: 'cache' })]);
  const { services } = releaseIn(both);
  expect(services.map(({ name }) => name)).toEqual(['api', 'page', 'cache']);
  expect(both['colours.yaml']).toContain('cache');
  expect(both['colours.yaml']).not.toContain('page');
  expect(services.filter(({ process }) => process).map(({ name }) => name)).toEqual(['api', 'page']);
});

test('a user whose name Linux would refuse is refused here', () => {
  expect(() => entries([supervised({ name: 'a'.repeat(40) })])).toThrow('longer name than the 32 characters');
});
