import { readFileSync } from 'node:fs';
import { gunzipSync } from 'node:zlib';
import * as pulumi from '@pulumi/pulumi';
import { beforeAll, expect, test } from 'vitest';
import { parse } from 'yaml';
import { program } from '../../src/index.ts';
import { configure, recorded } from '../../src/policy/recorded.ts';
import { type DeclaredResource, deployKey, runProgram, sealed } from './program.ts';
import { answers } from './samples.ts';

const secretTexts = [
  deployKey.split('\n')[2] ?? '',
  'the-access-key',
  'the-secret-key',
  'the-log-password',
  'the-log-token',
];
const file = parse(readFileSync(new URL('../../Pulumi.local.yaml', import.meta.url), 'utf8')) as {
  config: Record<string, unknown>;
};
const config = {
  ...file.config,
  'berth:secrets': { deployKey },
  'berth:local': {
    machineImage: 'berth/machine:1',
    receivers: {
      registry: 'berth/registry:1',
      objectStore: 'berth/os:1',
      logReceiver: 'berth/lr:1',
      acme: 'berth/acme:1',
    },
    registryData: '/data',
    images: {},
  },
};

let declared: DeclaredResource[];
let systems: Awaited<ReturnType<typeof runProgram>>['systems'];
const one = (type: string): DeclaredResource => {
  const found = declared.filter((resource) => resource.type === type);
  expect(found, type).toHaveLength(1);
  return found[0] as DeclaredResource;
};
const named = (name: string): DeclaredResource =>
  declared.find((resource) => resource.name === name) as DeclaredResource;

beforeAll(async () => {
  ({ declared, systems } = await runProgram('local', config));
});

test('names are stable: a changed one is a decision', () => {
  expect(declared.map(({ type, name }) => `${type} ${name}`).sort()).toMatchSnapshot();
});

test('a machine has two remote commands, and no other way in', () => {
  const commands = declared.filter(({ type }) => type.startsWith('command:'));
  expect(commands.map(({ name }) => name)).toEqual(['basegun-web-0-ready', 'basegun-web-0-release']);
  for (const { inputs, type } of commands) {
    expect(type).toBe('command:remote:Command');
    expect(Object.keys(inputs).sort()).toEqual(
      expect.arrayContaining(['addPreviousOutputInEnv', 'connection', 'create', 'logging']),
    );
    for (const never of ['triggers', 'delete', 'update', 'environment']) expect(inputs).not.toHaveProperty(never);
    expect(inputs).toMatchObject({ addPreviousOutputInEnv: false, logging: 'stderr' });
    expect(sealed(inputs.connection)).toMatchObject({
      hostKey: 'ssh-ed25519 AAAAC3Nz host',
      host: '10.213.9.16',
      user: 'berth',
    });
  }
});

test("a host's command text is constant and holds no secret; its bundle arrives whole", () => {
  const { inputs } = named('basegun-web-0-release');
  for (const secret of secretTexts) expect(String(inputs.create)).not.toContain(secret);
  const [head = '', body = ''] = String(sealed(inputs.stdin)).split('\n');
  expect(head).toMatch(new RegExp(`^${body.length} [0-9a-f]{64}$`));
  const archive = gunzipSync(Buffer.from(body, 'base64')).toString();
  for (const secret of ['the-secret-key', 'the-log-token']) expect(archive).toContain(secret);
});

test("user data holds no application's secret", () => {
  const userData = String(one('berthlocal:index:Machine').inputs.userData);
  expect(userData).toContain('#cloud-config');
  for (const secret of secretTexts) expect(userData).not.toContain(secret);
});

test('both firewalls come from one list of rules', () => {
  expect(one('berthlocal:index:Machine').inputs.rules).toEqual([
    { protocol: 'tcp', port: 80, sources: ['0.0.0.0/0'] },
    { protocol: 'tcp', port: 443, sources: ['0.0.0.0/0'] },
    { protocol: 'tcp', port: 22, sources: ['127.0.0.0/8', '10.213.9.1/32'] },
  ]);
});

test('the outputs say where everything is, and hold no secret', () => {
  expect(systems.secret).toBe(false);
  expect(systems.value).toEqual({
    basegun: {
      cloud: 'local',
      version: '3.3.0',
      pins: { version: '3.3.0' },
      url: 'https://basegun.localhost:8443',
      probe: { path: '/api/version' },
      machines: {
        'basegun-web-0': {
          role: 'web',
          publicAddress: '10.213.9.16',
          privateAddress: '10.213.9.16',
          ssh: { user: 'berth', address: '10.213.9.16', port: 22, hostKey: 'ssh-ed25519 AAAAC3Nz host' },
        },
      },
      records: [{ name: 'basegun.localhost', type: 'A', value: '10.213.9.16' }],
      buckets: { uploads: { endpoint: 'http://10.213.9.4:7070', bucket: 'basegun-uploads' } },
      logs: { app: { host: '10.213.9.10', port: '9200' } },
    },
  });
});

test('a mistake in the environment file stops the program before anything is declared', async () => {
  const wrong = { ...config, 'berth:systems': { basegun: { cloud: 'local', version: 'latest' } } };
  const run = runProgram('local', wrong).catch((error: unknown) => error as Error);
  expect(String(await run)).toMatch(/mutable tag[\s\S]*domain/);
});

test('what stands in the way on this computer stops the program before anything is declared, all of it at once', async () => {
  const problems = [
    { path: 'port 8080 of 127.0.0.1', message: 'is taken by nginx (pid 4711)', allowed: 'a free one', fix: 'stop it' },
    { path: 'memory', message: '1 MB are available' },
  ];
  const asked: unknown[] = [];
  const computer = (question: unknown) => ({ problems: asked.push(question) > 0 ? problems : [] });
  const made = await recorded('local', answers, { 'berthlocal:index:computer': computer });
  configure(config);
  await expect(program()).rejects.toThrow(
    'this computer: 2 problems, nothing was changed\n\n' +
      '  port 8080 of 127.0.0.1\n    is taken by nginx (pid 4711)\n    allowed: a free one\n    fix: stop it\n\n' +
      '  memory\n    1 MB are available',
  );
  await pulumi.runtime.disconnect();
  expect(made).toEqual([]);
  const publish = [
    { machinePort: 80, hostPort: 8080 },
    { machinePort: 443, hostPort: 8443 },
  ];
  expect(asked).toEqual([
    {
      ...{ stack: 'local', project: 'berth', file: 'Pulumi.local.yaml', imagesMb: 0 },
      images: ['berth/machine:1', 'berth/registry:1', 'berth/os:1', 'berth/lr:1', 'berth/acme:1'],
      containers: expect.arrayContaining([expect.objectContaining({ name: 'basegun-web-0', publish })]),
    },
  ]);
});
