import { describe, expect, test } from 'vitest';
import { project, provisioned, settings, shop } from './openstackSystem.ts';

describe('what holds data', () => {
  test('a disk is kept, and found by its serial number once it is attached', async () => {
    const { one, fact, facts } = await provisioned();
    expect(one('Volume').inputs).toMatchObject({ size: 20, name: 'shop-database-0-preprod' });
    expect(one('VolumeAttach').inputs).toEqual({
      instanceId: 'shop-database-0-id',
      volumeId: '6f1ed2a4-53a0-4c0e-9b5e-0d5f5f1c2a3b',
    });
    // Taken from a machine that runs, it would lose what was not written yet
    expect(one('VolumeAttach').options.deletedWith).toMatch(/Instance::shop-database-0$/);
    expect(one('Instance', 'shop-database-0').inputs.stopBeforeDestroy).toBe(true);
    expect(await fact('machines.database.0.volumeDevice')).toEqual({
      value: expect.stringMatching(
        /^\/dev\/disk\/by-id\/virtio-6f1ed2a4-53a0-4c0e-9 .*scsi-0QEMU_QEMU_HARDDISK_6f1ed2a4/,
      ),
      secret: false,
    });
    expect(facts).not.toHaveProperty('machines.web.0.volumeDevice');
  });

  test('is protected and retained; machines and addresses are protected', async () => {
    const { one } = await provisioned({ settings: { network: 'private' } });
    for (const type of ['Volume', 'Storage', 'Container', 'LogsOutputGraylogStream'])
      expect(one(type).options, type).toMatchObject({ protect: true, retainOnDelete: true });
    for (const type of ['Instance', 'Port', 'FloatingIp'])
      expect(one(type, 'shop-web-0').options, type).toMatchObject({ protect: true, retainOnDelete: false });
  });

  test('goes when the entry allows it', async () => {
    const { declared } = await provisioned({ allowDestroy: true });
    expect(declared.filter(({ options }) => options.protect || options.retainOnDelete)).toEqual([]);
  });
});

describe('object storage', () => {
  test('an S3 bucket is private, encrypted and versioned, and its user reaches it alone', async () => {
    const { one, fact, secretFacts } = await provisioned();
    const bucket = 'shop-uploads-01234567-preprod';
    const { inputs } = one('Storage');
    expect(inputs).toMatchObject({
      serviceName: project,
      regionName: 'GRA',
      name: bucket,
      versioning: { status: 'enabled' },
      encryption: { sseAlgorithm: 'AES256' },
    });
    // A new version of berth, which is one of the labels, leaves it alone
    expect(one('Storage').options.ignoreChanges).toEqual(['tags']);
    // Whoever owns a bucket may do everything with it, whatever the policy
    expect(inputs).not.toHaveProperty('ownerId');
    expect(one('User', 'shop-uploads').inputs).toMatchObject({ roleNames: ['objectstore_operator'] });
    const policy = JSON.parse(String(one('S3Policy').inputs.policy)) as { Statement: Record<string, string[]>[] };
    expect(policy.Statement.flatMap(({ Resource }) => Resource)).toEqual([
      `arn:aws:s3:::${bucket}`,
      `arn:aws:s3:::${bucket}/*`,
    ]);
    expect(
      policy.Statement.flatMap(({ Action }) => Action).filter((action) => /\*|Version|DeleteBucket/.test(action ?? '')),
    ).toEqual([]);
    expect(one('S3Policy').inputs.userId).toBe(one('S3Credential').inputs.userId);
    for (const [name, value] of Object.entries({
      ...{ endpoint: 'https://s3.gra.io.cloud.ovh.net', region: 'gra', bucket },
    }))
      expect(await fact(`buckets.uploads.${name}`)).toEqual({ value, secret: false });
    for (const [name, value] of Object.entries({ accessKey: 'the-access-key', secretKey: 'the-secret-key' })) {
      expect(await fact(`buckets.uploads.${name}`)).toEqual({ value, secret: true });
      expect(secretFacts).toContain(`buckets.uploads.${name}`);
    }
  });

  test('a Swift container is private and versioned, with a login of its own', async () => {
    const { one, fact, secretFacts } = await provisioned();
    const { inputs } = one('Container');
    expect(inputs).toMatchObject({ name: 'shop-models-01234567-preprod', region: 'GRA', versioning: true });
    for (const acl of ['containerRead', 'containerWrite']) expect(inputs).not.toHaveProperty(acl);
    for (const [name, value] of Object.entries({
      ...{ endpoint: 'https://auth.cloud.ovh.net/v3', bucket: 'shop-models-01234567-preprod', region: 'GRA' },
      ...{ username: 'user-abc', project: '1234567890' },
    }))
      expect(await fact(`buckets.models.${name}`), name).toEqual({ value, secret: false });
    expect(await fact('buckets.models.password')).toEqual({ value: 'the-swift-password', secret: true });
    expect(secretFacts).toContain('buckets.models.password');
  });
});

test("a log stream's tokens flow as secrets; the word that stands for a password is none", async () => {
  const { one, fact, secretFacts } = await provisioned();
  expect(one('LogsOutputGraylogStream').inputs).toMatchObject({
    serviceName: 'ldp-ab-12345',
    title: 'shop-app-preprod',
  });
  for (const [name, value] of Object.entries({
    ...{ scheme: 'https', host: 'gra1.logs.ovh.com', port: '9200', opensearch: 'true', kafka: 'false' },
    password: 'token',
  }))
    expect(await fact(`logStreams.app.${name}`), name).toEqual({ value, secret: false });
  expect(await fact('logStreams.app.username')).toEqual({ value: 'the-api-token', secret: true });
  expect(await fact('logStreams.app.token')).toEqual({ value: 'the-write-token', secret: true });
  expect(secretFacts.filter((name) => name.startsWith('logStreams'))).toEqual([
    'logStreams.app.username',
    'logStreams.app.token',
  ]);
});

describe('DNS', () => {
  test('names inside the zone have a record, its own among them; others are printed', async () => {
    const { declared } = await provisioned();
    const records = declared.filter(({ type }) => type.endsWith(':ZoneRecord'));
    expect(records.map(({ inputs }) => inputs)).toEqual([
      { zone: 'example.org', subdomain: 'shop', fieldtype: 'A', target: '203.0.113.20', ttl: 300 },
      { zone: 'example.org', subdomain: '', fieldtype: 'A', target: '203.0.113.20', ttl: 300 },
    ]);
  });

  test('without a zone there are none', async () => {
    const { dnsZone: _, ...rest } = settings;
    const { named } = await provisioned({ environment: { clouds: { openstack: rest } } });
    expect(named('ZoneRecord')).toEqual([]);
  });
});

test("a system that uses nothing of OVH's own needs none of its credentials", async () => {
  const { dnsZone: _, logsService: __, ...rest } = settings;
  const blueprint = { ...shop, buckets: [], logStreams: [], records: [] };
  const { declared } = await provisioned({ blueprint, environment: { clouds: { openstack: rest } } });
  expect(declared.filter(({ type }) => /\bovh\b/.test(type))).toEqual([]);
});

test.each([
  ['letsencrypt-staging', 'https://acme-staging-v02.api.letsencrypt.org/directory', /BEGIN CERTIFICATE/],
  ['letsencrypt', 'https://acme-v02.api.letsencrypt.org/directory', /^$/],
] as const)(
  '%s issues certificates from %s, whatever the environment is called',
  async (authority, directory, roots) => {
    const { fact } = await provisioned({ environment: { name: 'live', authority } });
    expect(await fact('acme.directory')).toEqual({ value: directory, secret: false });
    expect(await fact('acme.authority')).toEqual({ value: '', secret: false });
    expect(await fact('acme.roots')).toEqual({ value: expect.stringMatching(roots), secret: false });
  },
);
