import { beforeAll, describe, expect, test } from 'vitest';
import { onAzure, role, type Told } from './azureProgram.ts';
import { sealed } from './program.ts';
import { rule } from './shop.ts';

let told: Told;
const inputs = (type: string, name?: string) => told.one(type, name).inputs;

beforeAll(async () => {
  told = await onAzure();
});

describe('storage and logs', () => {
  test('a bucket is private, has versions and speaks TLS 1.2 to the machines alone', async () => {
    expect(inputs('BlobContainer')).toMatchObject({ containerName: 'uploads', publicAccess: 'None' });
    expect(inputs('BlobServiceProperties')).toMatchObject({ isVersioningEnabled: true });
    const account = String(inputs('StorageAccount').accountName);
    expect(await told.fact('buckets.uploads.account')).toEqual({ value: account, secret: false });
    expect((await told.fact('buckets.uploads.endpoint')).value).toBe(`https://${account}.blob.core.windows.net/`);
    expect((await told.fact('buckets.uploads.bucket')).value).toBe('uploads');
    expect((await told.fact('buckets.uploads.region')).value).toBe('westeurope');
    expect(await told.fact('buckets.uploads.key')).toEqual({ value: 'the-account-key', secret: true });
  });

  test('a log stream is an event hub that machines may write to and nothing else, over Kafka', async () => {
    expect(inputs('Namespace')).toMatchObject({ sku: { name: 'Standard' }, minimumTlsVersion: '1.2' });
    expect(inputs('EventHub').eventHubName).toBe('app');
    expect(inputs('EventHubAuthorizationRule')).toMatchObject({ eventHubName: 'app', rights: ['Send'] });
    const facts = ['scheme', 'host', 'port', 'username', 'token', 'opensearch', 'kafka'];
    const known = await Promise.all(facts.map((name) => told.fact(`logStreams.app.${name}`)));
    const host = `${inputs('Namespace').namespaceName}.servicebus.windows.net`;
    expect(known.map(({ value }) => value)).toEqual(['kafka', host, '9093', '$ConnectionString', '', 'false', 'true']);
    expect(await told.fact('logStreams.app.password')).toMatchObject({ value: /the-send-key/, secret: true });
    expect([...told.secretFacts].sort()).toEqual(['buckets.uploads.key', 'logStreams.app.password']);
  });

  test('names that the whole world shares carry a hash of the subscription', async () => {
    const other = await onAzure({
      functions: { 'azure-native:authorization:getClientConfig': () => ({ subscriptionId: 'another' }) },
    });
    const names = (given: Told) => [
      `${given.one('StorageAccount').inputs.accountName}`,
      `${given.one('Namespace').inputs.namespaceName}`,
    ];
    const [account = '', namespace = ''] = names(told);
    expect(account).toMatch(/^[a-z0-9]{3,24}$/);
    expect(namespace).toMatch(/^[a-z][a-z0-9-]{4,48}[a-z0-9]$/);
    expect(names(other)).not.toContain(account);
    expect(names(other)).not.toContain(namespace);
    expect(names(await onAzure())).toEqual([account, namespace]);
  });

  test('no secret stands in an input in plain text', () => {
    const plain = JSON.stringify(told.declared.map(({ inputs }) => unsealed(inputs)));
    for (const secret of ['the-account-key', 'the-send-key', 'the private half']) expect(plain).not.toContain(secret);
  });
});

describe('records', () => {
  test('names in the zone of the settings are set there; others are printed', async () => {
    expect(told.named('RecordSet')).toEqual([]);
    const { named, one } = await onAzure({ settings: { dnsZone: 'example.org', dnsZoneGroup: 'names' } });
    expect(named('RecordSet')).toEqual(['shop-shop.example.org', 'shop-example.org']);
    expect(one('RecordSet', 'shop-shop.example.org').inputs).toEqual({
      zoneName: 'example.org',
      resourceGroupName: 'names',
      recordType: 'A',
      relativeRecordSetName: 'shop',
      ttl: 300,
      aRecords: [{ ipv4Address: '203.0.113.20' }],
    });
    expect(one('RecordSet', 'shop-example.org').inputs.relativeRecordSetName).toBe('@');
  });
});

describe('schedules', () => {
  test('a workflow starts the machines of the role at their time and one stops them, deallocated', () => {
    expect(told.named('Workflow')).toEqual(['shop-web-start', 'shop-web-stop']);
    expect(clock('shop-web-start')).toMatchObject({
      triggers: {
        clock: {
          recurrence: {
            ...{ frequency: 'Week', interval: 1, timeZone: 'Romance Standard Time' },
            schedule: { weekDays: ['Monday', 'Tuesday'], hours: [9], minutes: [0] },
          },
        },
      },
    });
    const stop = clock('shop-web-stop') as { actions: Record<string, { inputs: { uri: string } }> };
    expect(stop).toMatchObject({ triggers: { clock: { recurrence: { schedule: { hours: [18], minutes: [30] } } } } });
    expect(Object.keys(stop.actions)).toEqual(['shop-web-0']);
    expect(stop.actions['shop-web-0']?.inputs.uri).toMatch(
      /^https:\/\/management\.azure\.com\/subscriptions\/[^?]*\/virtualMachines\/shop-web-0\/deallocate\?api-version=/,
    );
  });

  test('their identity may start and stop these machines and nothing else', () => {
    expect(inputs('RoleDefinition').permissions).toEqual([
      {
        actions: [
          'Microsoft.Compute/virtualMachines/start/action',
          'Microsoft.Compute/virtualMachines/deallocate/action',
        ],
      },
    ]);
    expect(told.named('RoleAssignment')).toEqual(['shop-web-0-clock']);
    expect(inputs('RoleAssignment')).toMatchObject({
      principalId: 'the-principal',
      principalType: 'ServicePrincipal',
      scope: expect.stringMatching(/virtualMachines\/shop-web-0$/),
      roleAssignmentName: expect.stringMatching(/^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$/),
    });
  });

  test('without a schedule there is nobody who may', async () => {
    const { named } = await onAzure({ blueprint: { roles: { web: role() }, rules: [rule('internet', 'web', 443)] } });
    for (const type of ['Workflow', 'UserAssignedIdentity', 'RoleDefinition', 'RoleAssignment']) {
      expect(named(type), type).toEqual([]);
    }
  });

  const clock = (name: string) => inputs('Workflow', name).definition;
});

/** The same data without what is secret on its way */
function unsealed(data: unknown): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map(unsealed);
  try {
    sealed(data);
    return '[secret]';
  } catch {
    return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, unsealed(value)]));
  }
}
