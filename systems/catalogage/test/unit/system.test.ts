import { expect, test } from 'vitest';
import type { Blueprint } from '../../../../src/model/blueprint.ts';
import { planned } from '../../../../src/model/rolePlans.ts';
import { isProcess, type Process } from '../../../../src/model/service.ts';
import { resolve } from '../../../../src/model/value.ts';
import { machineNeeds } from '../../../../src/render/needs.ts';
import { environment } from '../../../../test/environment.ts';
import catalogage from '../../system.ts';

const hosts = [
  {
    address: '203.0.113.20',
    user: 'debian',
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f',
  },
];
const options = {
  ref: '1.4.0',
  domain: 'catalogue.example.org',
  web: { diskGb: 20 },
  tls: 'acme',
  contact: 'ops@example.org',
};

/** Undefined takes a key away */
function parsed(own: Readonly<Record<string, unknown>>) {
  const given = Object.entries({ ...options, ...own }).filter(([, value]) => value !== undefined);
  return catalogage.options.safeParse(Object.fromEntries(given));
}

function blueprintOf(own: Readonly<Record<string, unknown>> = {}): Blueprint {
  const { data, error } = parsed(own);
  if (!data) throw error;
  return planned(catalogage, catalogage.blueprint(data, environment), data);
}

function process(name: 'client' | 'server', own: Readonly<Record<string, unknown>> = {}): Process {
  const found = blueprintOf(own)
    .roles.web?.services.filter(isProcess)
    .find((service) => service.name === name);
  if (!found) throw new Error(`no process ${name}`);
  return found;
}

const needs = (own: Readonly<Record<string, unknown>> = {}) => {
  const blueprint = blueprintOf(own);
  const { web } = blueprint.roles;
  if (!web) throw new Error('no role web');
  return machineNeeds(blueprint, web, { system: 'catalogage', role: 'web', index: 0 });
};

test('is one machine with its own nginx, two processes of one commit, and nothing else of a cloud', () => {
  const { roles, buckets, logStreams, caches, records, url, version } = blueprintOf();
  expect(Object.keys(roles)).toEqual(['web']);
  expect(roles.web).toMatchObject({ count: 1, diskGb: 20, address: { kind: 'reserved' }, edge: { kind: 'nginx' } });
  expect(roles.web?.services.map(({ kind, name }) => [kind, name])).toEqual([
    ['process', 'server'],
    ['process', 'client'],
  ]);
  expect(process('client').source).toEqual(process('server').source);
  expect([buckets, logStreams, caches]).toEqual([[], [], []]);
  expect(records).toEqual([{ name: 'catalogue.example.org', to: { role: 'web', index: 0 } }]);
  expect({ url, version }).toEqual({ url: 'https://catalogue.example.org', version: '1.4.0' });
});

test('an adopted machine is the one that it is given', () => {
  expect(blueprintOf({ web: { hosts } }).roles.web).toMatchObject({ count: 1, hosts: [{ address: '203.0.113.20' }] });
});

test('the site is the client, the API the server without the prefix', () => {
  expect(blueprintOf().roles.web?.edge?.routes).toEqual([
    { domain: 'catalogue.example.org', prefix: '/', service: 'client' },
    { domain: 'catalogue.example.org', prefix: '/api/', strip: true, service: 'server' },
  ]);
});

test('the world reaches 80 and 443, operators SSH, nobody else anything; behind a gateway only it reaches 80', () => {
  const reach = (own = {}) => blueprintOf(own).rules.map(({ from, port }) => [from, port]);
  expect(reach()).toEqual([
    ['internet', 80],
    ['internet', 443],
    ['operators', 22],
  ]);
  expect(reach({ tls: 'upstream', contact: undefined, gatewayNetworks: ['203.0.113.0/28'] })).toEqual([
    [{ networks: ['203.0.113.0/28'], name: 'gateway' }, 80],
    ['operators', 22],
  ]);
});

test('it waits for its database and its certificate authority, and for no more', () => {
  expect(needs()).toEqual({ secrets: ['databaseUrl'], refs: ['acme.authority', 'acme.directory'] });
  expect(needs({ secretVariables: ['TOOLS_PASSWORDS', 'APP_CONFIG_REPO_API_KEY'] }).secrets).toEqual([
    'configRepoApiKey',
    'databaseUrl',
    'toolsPasswords',
  ]);
});

const own = { database: { size: 'small', backups: {} } };

test('a database of its own is a machine with a data disk that the site alone reaches, and its URL follows from the facts', () => {
  const { roles, rules, buckets } = blueprintOf(own);
  expect(roles.database).toMatchObject({ count: 1, slot: 1, address: { kind: 'public' }, volume: { sizeGb: 20 } });
  expect(roles.database?.services.map(({ name }) => name)).toEqual(['postgres', 'postgres-exporter']);
  expect(roles.database?.jobs?.map(({ backup }) => backup?.does)).toContain('try');
  expect(rules.filter(({ to }) => to === 'database').map(({ from, port }) => [from, port])).toEqual([
    [{ role: 'web' }, 5432],
    ['operators', 22],
  ]);
  expect(buckets).toEqual([{ name: 'backups', apis: ['s3'] }]);
  const url = resolve(
    process('server', own).env.APP_DATABASE_URL ?? '',
    { 'machines.database.0.privateAddress': '10.0.0.7' },
    { databasePassword: 'abc' },
  );
  expect(url).toBe('postgresql+asyncpg://catalogage:abc@10.0.0.7:5432/catalogage?ssl=verify-full');
  const { secretFiles } = process('server', { ...own, secretFiles: { APP_CA_FILE: { secret: 'ownCa' } } });
  expect(secretFiles).toEqual({
    APP_CA_FILE: { secret: 'ownCa' },
    PGSSLROOTCERT: { ref: 'certificates.database.authority' },
  });
  expect(process('server', {}).secretFiles).toEqual({});
});

test('with a database of its own it asks for its passwords, and no longer for a URL; one that fits no URL is refused', () => {
  const { data } = parsed(own);
  expect(data && Object.keys(catalogage.secrets(data))).toEqual([
    'databasePassword',
    'exporterPassword',
    'backupsPassword',
  ]);
  expect(needs(own).secrets).toEqual(['databasePassword']);
  const flaw = catalogage.secretFlaws?.databasePassword;
  expect(flaw?.('a/b@c')?.message).toContain('stands in a URL');
  expect(flaw?.('a/b@c')?.message).not.toContain('a/b@c');
  expect(flaw?.('aB3._~-')).toBeUndefined();
});

test('a secret that is asked for is one that is needed, with what it is', () => {
  const { data } = parsed({ secretVariables: ['TOOLS_PASSWORDS'] });
  expect(data && Object.keys(catalogage.secrets(data))).toEqual(['databaseUrl', 'toolsPasswords']);
});

test('the client knows no secret, and what is compiled into it is the same in every environment', () => {
  expect(JSON.stringify(process('client', { secretVariables: ['TOOLS_PASSWORDS'] }))).not.toContain('secret');
  const { env } = process('client').source;
  expect(env).toEqual({
    VITE_SERVER_MODE: 'live',
    VITE_API_BROWSER_URL: '/api',
    VITE_API_SSR_URL: `http://127.0.0.1:${process('server').loopback}`,
  });
  expect(process('client', { domain: 'other.example.org' }).source).toEqual(process('client').source);
});

test('both listen on loopback, each told its port, and have a health check with a deadline', () => {
  expect(process('client')).toMatchObject({ env: { HOST: '127.0.0.1' }, portVariable: 'PORT', loopback: 3000 });
  expect(process('server')).toMatchObject({ env: { APP_HOST: '127.0.0.1' }, portVariable: 'APP_PORT', loopback: 3579 });
  for (const name of ['client', 'server'] as const) {
    expect(process(name).health.path).toMatch(/^\//);
    expect(process(name).health.deadlineSeconds).toBeGreaterThan(0);
  }
});

test.each(['master', 'staging', 'HEAD', 'abc1234', 'v1', '1.4', ''])('a ref that moves is refused: %j', (ref) => {
  expect(parsed({ ref }).success).toBe(false);
});

test('a full commit and a version tag are taken', () => {
  for (const ref of ['1.4.0', 'v1.4.0', 'a'.repeat(40)]) expect(process('server', { ref }).source.revision).toBe(ref);
});

test.each([
  'git@github.com:etalab/catalogage-donnees.git',
  'http://github.com/etalab/catalogage-donnees.git',
  'https://user:password@example.org/x.git',
  'ext::sh -c whoami',
  '--upload-pack=x',
  'file:///etc',
])('a repository that is not had over HTTPS, or holds a password, is refused: %s', (repository) => {
  expect(parsed({ repository }).success).toBe(false);
});

test("versions of Python and Node are those of both programs and the migration; by default they are Debian's", () => {
  const runtimes = { python: '3.8.9', node: '22' };
  expect(process('client', { python: '3.8.9', node: 22 }).source.runtimes).toEqual(runtimes);
  expect(blueprintOf({ python: '3.8.9', node: 22 }).roles.web?.jobs?.[0]?.steps).toMatchObject([
    { source: { runtimes } },
  ]);
  expect(process('client').source).not.toHaveProperty('runtimes');
});

test.each([
  { python: '3' },
  { python: 'latest' },
  { python: '2.7.18' },
  { node: '22.12' },
  { node: 'lts' },
  { node: 22.5 },
])('a version that says too little or nothing is refused: %j', (own) => {
  expect(parsed(own).success).toBe(false);
});

test('secret files of the server go by the variable that tells it where, and wait in its secrets', () => {
  const secretFiles = { APP_CA_FILE: { secret: 'ownCa' } };
  expect(process('server', { secretFiles }).secretFiles).toEqual(secretFiles);
  expect(process('client', { secretFiles }).secretFiles).toBeUndefined();
  expect(needs({ secretFiles }).secrets).toEqual(['databaseUrl', 'ownCa']);
  for (const name of ['TOOLS_PASSWORDS', '/etc/app/ca.pem', 'A B'])
    expect(parsed({ secretFiles: { [name]: { secret: 'ownCa' } } }).success, name).toBe(false);
});

test('a variable that is a secret is refused among the settings', () => {
  expect(parsed({ env: { TOOLS_PASSWORDS: 'x' } }).success).toBe(false);
  expect(process('server', { env: { APP_DEBUG: 'false' } }).settings).toEqual({ APP_DEBUG: 'false' });
});

test('a commit migrates from its own build, with the settings and secrets of the server, before it serves', () => {
  const { roles, migrates } = blueprintOf({ env: { APP_LEVEL: 'debug' } });
  const [job] = roles.web?.jobs ?? [];
  const { source, folder, env, settings } = process('server', { env: { APP_LEVEL: 'debug' } });
  expect(job).toMatchObject({ name: 'migrate', when: { release: true }, onceAcrossMachines: true });
  expect(job?.steps).toMatchObject([
    { source, folder, env, settings, command: ['venv/bin/python', '-m', 'alembic', 'upgrade', 'head'] },
  ]);
  expect(migrates?.runbook).toBe('systems/catalogage/README.md#a-migration-that-failed');
});

test('the first data of an environment is a secret file that a job loads when it is asked to, and the server never sees', () => {
  const { roles } = blueprintOf({ initdata: true });
  const [, job] = roles.web?.jobs ?? [];
  const { source, env } = process('server', { initdata: true });
  expect(job).toMatchObject({ name: 'initdata', when: { asked: true }, onceAcrossMachines: true });
  expect(job?.steps).toMatchObject([{ source, env, secretFiles: { INITDATA_FILE: { secret: 'initdata' } } }]);
  expect(job?.steps[0].command?.at(-1)).toContain('tools.initdata');
  expect(process('server', { initdata: true }).secretFiles).toEqual({});
  expect(needs({ initdata: true }).secrets).toEqual(['databaseUrl', 'initdata']);
  expect(Object.keys(catalogage.secrets(parsed({ initdata: true }).data ?? expect.fail()))).toContain('initdata');
});

test('a commit whose first data is loaded by another program says which; without any there is no such job', () => {
  const command = ['venv/bin/python', '-m', 'tools.seed'];
  expect(blueprintOf({ initdata: command }).roles.web?.jobs?.[1]?.steps).toMatchObject([{ command }]);
  expect(blueprintOf().roles.web?.jobs?.map(({ name }) => name)).toEqual(['migrate']);
});

test('a commit without migrations has no job, and is put back by a deployment that fails', () => {
  const { roles, migrates } = blueprintOf({ migrate: false });
  expect([roles.web?.jobs, migrates]).toEqual([undefined, undefined]);
});
