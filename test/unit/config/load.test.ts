import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { clouds as registry } from '../../../src/clouds/registry.ts';
import { operatorProblems } from '../../../src/config/checks.ts';
import { findProject, readEnvironmentFile } from '../../../src/config/file.ts';
import { loadEnvironment } from '../../../src/config/load.ts';
import { clouds, systems } from './fixtures.ts';

const web = { size: 's1-2' };
const operators = {
  networks: ['100.64.1.0/24'],
  sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAICAhIiMkJSYnKCkqKywtLi8wMTIzNDU2Nzg5Ojs8PT4/ ada'],
};
const shop = { cloud: 'openstack', region: 'GRA7', version: '1.0.0', domain: 'shop.berth.test', web };
const secrets = { deployKey: 'key', 'shop/databasePassword': 'a', 'shop/paymentToken': 'b' };
const input = (config: Record<string, unknown>, stack = 'preprod') => ({
  stack,
  config,
  source: `Pulumi.${stack}.yaml`,
});
const settings = { openstack: { project: '0'.repeat(32), network: 'public' } };
const whole = {
  'berth:operators': operators,
  'berth:clouds': settings,
  'berth:systems': { shop },
  'berth:secrets': secrets,
};

test('gives each system with its entry, its cloud and its blueprint, once', () => {
  const loaded = loadEnvironment(input(whole), systems, clouds);
  expect(loaded.systems).toMatchObject([
    { entry: { region: 'GRA7' }, cloud: { name: 'openstack' }, blueprint: { system: 'shop', version: '1.0.0' } },
  ]);
  expect(loaded.blueprints).toEqual(loaded.systems.map(({ blueprint }) => blueprint));
});

test('gives the environment, its options with their defaults, apart from where it runs', () => {
  expect(loadEnvironment(input(whole), systems, clouds).environment).toEqual({
    name: 'preprod',
    operators,
    authority: 'letsencrypt',
    network: '10.64.0.0/20',
    clouds: settings,
    systems: {
      shop: {
        cloud: 'openstack',
        region: 'GRA7',
        restartEdge: false,
        allowDestroy: false,
        options: { version: '1.0.0', domain: 'shop.berth.test', web: { size: 's1-2', diskGb: 10 } },
      },
    },
  });
});

test("berth:environment names it where the stack's name isn't to", () => {
  expect(
    loadEnvironment(input({ ...whole, 'berth:environment': 'prod' }, 'Prod_Shop'), systems, clouds).environment.name,
  ).toBe('prod');
});

test("other namespaces' keys are left alone", () => {
  const config = { ...whole, 'aws:region': 'eu-west-3', 'openstack:cloud': { any: 'thing' }, 'pulumi:tags': {} };
  expect(loadEnvironment(input(config), systems, clouds).environment.name).toBe('preprod');
});

test('without a deployment, secrets and what the local set-up prepares may be absent', () => {
  const local = {
    cloud: 'local',
    version: '1.0.0',
    domain: 'shop.localhost',
    web: { size: 'small', publish: { 80: 8080 } },
  };
  const config = {
    'berth:operators': { networks: ['0.0.0.0/0'], sshPublicKeys: [] },
    'berth:systems': { shop: local },
  };
  expect(loadEnvironment(input(config), systems, clouds, { secrets: 'names' }).environment.systems.shop?.cloud).toBe(
    'local',
  );
  expect(() => loadEnvironment(input(config), systems, clouds)).toThrow(/4 problems/);
});

test('a machine on a cloud closes what one beside it on this computer may leave open', () => {
  const config = { ...whole, 'berth:operators': { networks: ['0.0.0.0/0'], sshPublicKeys: [] } };
  expect(() => loadEnvironment(input({ ...config, 'berth:environment': 'local' }), systems, clouds)).toThrow(
    /2 problems/,
  );
});

test("a stack whose systems are all in a cluster needs no operator's key, and one with a machine beside it does", () => {
  const operators = { networks: ['100.64.1.0/24'], sshPublicKeys: [] };
  const told = (...names: readonly string[]) =>
    operatorProblems(
      {
        'berth:operators': operators,
        'berth:systems': Object.fromEntries(names.map((cloud) => [`on-${cloud}`, { cloud }])),
      },
      registry,
    ).map(({ message, allowed }) => `${message}: ${allowed}`);
  expect(told('kubernetes')).toEqual([]);
  expect(told('kubernetes', 'aws')).toEqual([
    'is empty: no person could log in to a machine: at least one public key; none only if all systems are on cloud local or kubernetes',
  ]);
});

test('a file is found from below the project, and says which environments there are', () => {
  const project = mkdtempSync(join(tmpdir(), 'berth-config-'));
  mkdirSync(join(project, 'src', 'deep'), { recursive: true });
  writeFileSync(join(project, 'Pulumi.yaml'), 'name: berth\n');
  writeFileSync(join(project, 'Pulumi.preprod.yaml'), 'config: { "berth:systems": {} }\nencryptionsalt: v1:x\n');
  expect(findProject(join(project, 'src', 'deep'))).toBe(project);
  expect(readEnvironmentFile(join(project, 'Pulumi.preprod.yaml'), 'preprod').config).toEqual({ 'berth:systems': {} });
  expect(() => readEnvironmentFile(join(project, 'Pulumi.preprd.yaml'), 'preprd')).toThrow(/did you mean preprod\?/);
});

test('where there is no project, that is said', () =>
  expect(() => findProject('/nowhere/at/all')).toThrow(/no Pulumi\.yaml/));
