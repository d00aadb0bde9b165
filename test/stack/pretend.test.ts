import { systems } from 'berth:systems';
import * as pulumi from '@pulumi/pulumi';
import { beforeAll, expect, test, vi } from 'vitest';
import type { Cloud, ProvisionRequest } from '../../src/clouds/cloud.ts';
import { credentialProblems } from '../../src/clouds/credentials.ts';
import { clouds as registry } from '../../src/clouds/registry.ts';
import { ConfigError } from '../../src/config/error.ts';
import { jsonSchema } from '../../src/config/jsonSchema.ts';
import { absentSecrets, loadEnvironment } from '../../src/config/load.ts';
import { program } from '../../src/index.ts';
import { reachability } from '../../src/model/matrix.ts';
import { answersOf, credentialsOf, functionsOf } from '../../src/policy/answers.ts';
import { secretText } from '../../src/policy/madeUp.ts';
import { findings } from '../../src/policy/policy.ts';
import { configure, type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { drawing } from '../../src/render/diagram.ts';
import { offlineMachines } from '../../src/render/offline.ts';
import { dereferenced } from '../dereferenced.ts';
import { pretend } from './pretend/index.ts';
import { sealed } from './program.ts';
import { deployKey } from './samples.ts';
import { roleOf, shop } from './shop.ts';

// A sixth cloud, on trial: one folder, and this line. Everything below is told by code that has never heard of it.
const clouds: Readonly<Record<string, Cloud>> = { ...registry, pretend };

const key = 'AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/';

const config = (own: object = {}, more: object = {}) => ({
  'berth:operators': { networks: ['100.64.1.0/24'], sshPublicKeys: [`ssh-ed25519 ${key} ada`] },
  'berth:clouds': { pretend: { yard: 'the yard' } },
  'berth:systems': {
    basegun: {
      ...{ cloud: 'pretend', region: 'moon-1', version: '3.3.0', domain: 'basegun.berth.test', tls: 'acme' },
      ...{ contact: 'ops@berth.test', web: { size: 'crate' } },
      ...own,
    },
  },
  ...more,
});
const input = (given: object) => ({ stack: 'preprod', config: { ...given }, source: 'Pulumi.preprod.yaml' });
const load = (given: object) => loadEnvironment(input(given), systems, clouds, { secrets: 'names' });

/** What is wrong with a file, as a person reads it */
function told(given: object): string {
  try {
    load(given);
  } catch (error) {
    if (error instanceof ConfigError) return error.message;
    throw error;
  }
  return '';
}

const { environment, blueprints } = load(config());

test('its keys are validated: a slip of the pen is told with the likely fix, and what else is allowed', () => {
  expect(told(config())).toBe('');
  expect(told(config({}, { 'berth:clouds': { pretend: { yrad: 'x', yard: 'y' } } }))).toMatch(
    /berth:clouds\.pretend\.yrad\n +is not a known key\n +allowed: yard/,
  );
  expect(told(config({ cloud: 'pretent' }))).toMatch(
    /allowed: openstack, azure, aws, existing, local, pretend\n|did you mean pretend/,
  );
  expect(told(config({ cloud: 'constructor' }))).toMatch(/`constructor` is not known here/);
  expect(told(config({ region: undefined }))).toMatch(/allowed: a region of cloud pretend, such as moon-1/);
  const schema = dereferenced(JSON.parse(JSON.stringify(jsonSchema(systems, clouds))));
  expect(
    Object(schema.properties).config.properties['berth:clouds'].properties.pretend.properties.yard.description,
  ).toBe('Where its machines stand.');
});

test('its problems are told with those of everybody else, all at once', () => {
  const wrong = told(config({ web: { size: 'barrel' }, version: 'latest' }, { 'berth:clouds': undefined }));
  expect(wrong).toContain('mutable tag');
  const missing = told(config({ web: { size: 'barrel' } }, { 'berth:clouds': {} }));
  expect(missing).toMatch(/berth:clouds\.pretend\.yard\n +is missing/);
  expect(missing).toMatch(/berth:systems\.basegun\.web\.size\n +is no crate/);
  expect(told(config({ web: { size: 'crate', hosts: [] } }))).toContain('cloud pretend makes its own');
  expect(told(config({}, { 'berth:operators': { networks: ['10.64.1.0/24'], sshPublicKeys: [] } }))).toMatch(
    /overlaps 10\.64\.0\.0\/20[\s\S]*no person could log in|no person could log in[\s\S]*overlaps 10\.64\.0\.0\/20/,
  );
});

test('what it needs to be logged in to, and the secrets of what it gives, are asked for', () => {
  expect(credentialProblems(environment, blueprints, clouds, {}).map(({ path }) => path)).toContain('PRETEND_TOKEN');
  expect(absentSecrets(input(config()), systems, clouds).get('basegun/uploadsKey')).toBe('the key of bucket uploads');
});

test('its matrix and its diagram are drawn, and its files rendered', () => {
  const [basegun] = blueprints;
  if (!basegun) throw new Error('there is no blueprint');
  const rows = reachability(basegun, environment.operators).map(({ from, port }) => `${from.kind} ${port}`);
  expect(rows).toEqual(['internet 80', 'internet 443', 'operators 22']);
  const drawn = drawing(environment, blueprints, clouds);
  expect(drawn.systems.map(({ title }) => title)).toEqual([
    'basegun 3.3.0 on pretend, moon-1, the yard (10.64.0.0/20)',
  ]);
  expect(offlineMachines(basegun, environment, clouds).map(({ name }) => name)).toEqual(['basegun-web-0']);
});

let declared: readonly DeclaredResource[];
let outputs: unknown;

beforeAll(async () => {
  for (const [name, value] of Object.entries(credentialsOf(clouds))) vi.stubEnv(name, value);
  const needed = [...absentSecrets(input(config()), systems, clouds).keys()];
  const secrets = needed.map((name) => [name, name === 'deployKey' ? deployKey : secretText(name)]);
  declared = await recorded('preprod', answersOf(clouds), functionsOf(clouds));
  configure({ ...config(), 'berth:secrets': Object.fromEntries(secrets) });
  const stack = await program({ placeholders: 'accepted' }, clouds);
  outputs = await new Promise((resolve) => pulumi.output(stack.systems).apply(resolve));
  await pulumi.runtime.disconnect();
});

test('its machines are made and released, each by the same two commands as anywhere', () => {
  expect(declared.map(({ type, name }) => `${type} ${name}`)).toEqual(
    expect.arrayContaining([
      'pretend:index:Machine basegun-web-0',
      'command:remote:Command basegun-web-0-ready',
      'command:remote:Command basegun-web-0-release',
    ]),
  );
  const release = declared.find(({ name }) => name === 'basegun-web-0-release');
  expect(sealed(release?.inputs.connection)).toMatchObject({ host: '203.0.113.77', user: 'berth', port: 22 });
  expect(release?.options.deletedWith).toMatch(/pretend:index:Machine::basegun-web-0$/);
  expect(String(sealed(release?.inputs.stdin))).toMatch(/^\d+ [0-9a-f]{64}\n/);
  expect(declared.filter(({ type }) => /^(aws|azure|openstack|ovh|berthlocal)/.test(type))).toEqual([]);
  expect(outputs).toMatchObject({
    basegun: {
      cloud: 'pretend',
      machines: { 'basegun-web-0': { publicAddress: '203.0.113.77', privateAddress: '10.64.0.16' } },
      buckets: { uploads: { endpoint: 'https://s3.test', bucket: 'uploads' } },
      records: [{ name: 'basegun.berth.test', type: 'A', value: '203.0.113.77' }],
    },
  });
});

test('scanners look at it by its own policies', () => {
  const policies = Object.values(clouds).flatMap((cloud) => cloud.policies);
  expect(findings(declared, policies)).toEqual([]);
  const open = declared.map((one) => ({ ...one, inputs: { ...one.inputs, closed: false } }));
  expect(findings(open, policies).map(({ ids, resource }) => `${ids[0]} ${resource}`)).toEqual([
    'PRETEND-1 basegun-web-0',
  ]);
});

test('what a cloud says that it has and no maker makes is a defect that is named', async () => {
  const cloud = await pretend.program();
  if (cloud.kind === 'cluster') throw new Error('it has machines');
  const { provision } = cloud;
  const cache = { name: 'sessions', inItsPlace: roleOf('crate')() };
  const blueprint = { ...shop, logStreams: [], records: [], caches: [cache] };
  const request = { blueprint, environment, entry: {}, parent: undefined } as unknown as ProvisionRequest;
  expect(() => provision(request)).toThrow(
    'the cloud of system shop declares a cache capability, but has no maker for it',
  );
});
