import * as pulumi from '@pulumi/pulumi';
import { expect, test } from 'vitest';
import { existing } from '../../../src/clouds/existing/program.ts';
import { nothingStands } from '../../../src/clouds/standing.ts';
import type { AdoptedHost } from '../../../src/model/blueprint.ts';
import type { CloudSettings } from '../../../src/model/environment.ts';
import { authorityRoots } from '../../../src/render/authorityRoots.ts';
import { blueprint, role } from '../render/fixtures.ts';

const hostKey = 'ssh-ed25519 AAAA';
const host: AdoptedHost = { address: '203.0.113.20', port: 22, user: 'debian', hostKey, keepOpen: [] };
const settings: NonNullable<CloudSettings['existing']> = {
  buckets: { uploads: { endpoint: 'https://s3.example.org', region: 'gra', bucket: 'shop-uploads' } },
  logStreams: {
    app: { scheme: 'https', host: 'logs.example.org', port: 9200, username: 'shipper' },
    audit: { scheme: 'https', host: 'audit.example.org', port: 9202 },
  },
};
const shop = blueprint({
  roles: {
    web: role({
      count: 2,
      hosts: [host, { ...host, address: '203.0.113.21', privateAddress: '10.0.0.21', port: 2222 }],
    }),
  },
  buckets: [{ name: 'uploads', apis: ['s3'] }],
  logStreams: [{ name: 'app' }, { name: 'audit' }],
});
const secretTexts = { uploadsAccessKey: 'access', uploadsSecretKey: 'hush', appPassword: 'quiet', auditToken: 'token' };

const provisioned = (clouds: CloudSettings['existing'] = settings, of = shop) =>
  existing.provision({
    blueprint: of,
    environment: {
      name: 'preprod',
      operators: { networks: [], sshPublicKeys: [] },
      systems: {},
      network: '10.64.0.0/20',
      authority: 'letsencrypt-staging',
      clouds: clouds ? { existing: clouds } : {},
    },
    entry: { cloud: 'existing', restartEdge: false, allowDestroy: false, options: {} },
    secrets: Object.fromEntries(Object.entries(secretTexts).map(([name, value]) => [name, pulumi.secret(value)])),
    deployKey: pulumi.output('ssh-ed25519 AAAA deploy'),
    standing: nothingStands,
    parent: undefined as unknown as pulumi.Resource,
  });

const known = async <T>(output: pulumi.Output<T>): Promise<T> => new Promise((resolve) => output.apply(resolve));

test('machines are those of the file, pinned to their host keys, and no resource stands behind them', async () => {
  const { hosts } = provisioned();
  expect(Object.keys(hosts)).toEqual(['shop-web-0', 'shop-web-1']);
  const second = hosts['shop-web-1'];
  expect(second).toMatchObject({ role: 'web', index: 1, port: 2222, user: 'debian' });
  expect(second).not.toHaveProperty('resource');
  expect(await known(pulumi.output([second?.address, second?.hostKey]))).toEqual(['203.0.113.21', hostKey]);
});

test('the bastion of a machine is its own, whatever those of others are', () => {
  const bastion = { address: '198.51.100.7', port: 2200, user: 'jump', hostKey: 'ssh-ed25519 BBBB' };
  const behind = blueprint({ roles: { web: role({ count: 2, hosts: [{ ...host, proxy: bastion }, host] }) } });
  const { hosts } = provisioned(settings, behind);
  expect(hosts['shop-web-0']?.proxy).toEqual(bastion);
  expect(hosts['shop-web-1']).not.toHaveProperty('proxy');
});

test('every fact that a blueprint may name is given: as the file says, with keys and passwords from the secrets', async () => {
  const { facts, secretFacts } = provisioned();
  expect(await known(pulumi.all(facts))).toEqual({
    'machines.web.0.publicAddress': '203.0.113.20',
    'machines.web.0.privateAddress': '203.0.113.20',
    'machines.web.0.volumeDevice': '',
    'machines.web.1.publicAddress': '203.0.113.21',
    'machines.web.1.privateAddress': '10.0.0.21',
    'machines.web.1.volumeDevice': '',
    'buckets.uploads.endpoint': 'https://s3.example.org',
    'buckets.uploads.region': 'gra',
    'buckets.uploads.bucket': 'shop-uploads',
    'buckets.uploads.accessKey': 'access',
    'buckets.uploads.secretKey': 'hush',
    'logStreams.app.scheme': 'https',
    'logStreams.app.host': 'logs.example.org',
    'logStreams.app.port': '9200',
    'logStreams.app.username': 'shipper',
    'logStreams.app.password': 'quiet',
    'logStreams.app.token': '',
    'logStreams.app.opensearch': 'true',
    'logStreams.app.kafka': 'false',
    'logStreams.audit.scheme': 'https',
    'logStreams.audit.host': 'audit.example.org',
    'logStreams.audit.port': '9202',
    'logStreams.audit.username': '',
    'logStreams.audit.password': '',
    'logStreams.audit.token': 'token',
    'logStreams.audit.opensearch': 'true',
    'logStreams.audit.kafka': 'false',
    'acme.directory': 'https://acme-staging-v02.api.letsencrypt.org/directory',
    'acme.authority': '',
    'acme.roots': authorityRoots('letsencrypt-staging'),
  });
  expect([...secretFacts].sort()).toEqual([
    'buckets.uploads.accessKey',
    'buckets.uploads.secretKey',
    'logStreams.app.password',
    'logStreams.audit.token',
  ]);
  const secret = await Promise.all(
    Object.entries(facts).map(async ([name, fact]) => [name, await pulumi.isSecret(fact)]),
  );
  expect(
    secret
      .filter(([, is]) => is)
      .map(([name]) => name)
      .sort(),
  ).toEqual([...secretFacts].sort());
});

test('certificates may come from an authority of their own', async () => {
  const acme = { directory: 'https://acme.example.org/dir', authority: 'PEM' };
  const { facts } = provisioned({ ...settings, acme });
  const found = ['acme.directory', 'acme.authority', 'acme.roots'].map((name) => facts[name] ?? pulumi.output('none'));
  expect(await known(pulumi.all(found))).toEqual(['https://acme.example.org/dir', 'PEM', 'PEM']);
});

test.each([
  ['https://acme-staging-v02.api.letsencrypt.org/directory', authorityRoots('letsencrypt-staging')],
  ['https://acme-v02.api.letsencrypt.org/directory', ''],
  ['https://acme.example.org/dir', ''],
])(
  'what certificates of the directory %s lead to goes by the directory, not by berth:authority',
  async (directory, roots) => {
    const { facts } = provisioned({ ...settings, acme: { directory } });
    expect(await known(facts['acme.roots'] ?? pulumi.output('none'))).toBe(roots);
  },
);

test('what nobody has given is a defect that is named', () => {
  expect(() => provisioned({ buckets: {}, logStreams: {} })).toThrow('system shop has no bucket uploads');
});
