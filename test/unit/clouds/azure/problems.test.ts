import { expect, test } from 'vitest';
import { azureProblems } from '../../../../src/clouds/azure/problems.ts';
import { windowsZone } from '../../../../src/clouds/azure/windowsZone.ts';
import { definition } from '../../../../src/clouds/azure/workflow.ts';
import { clouds } from '../../../../src/clouds/registry.ts';
import { blueprintProblems } from '../../../../src/config/cloudChecks.ts';
import type { Blueprint, Role } from '../../../../src/model/blueprint.ts';
import type { Environment } from '../../../../src/model/environment.ts';
import { role as made, blueprint as shop } from '../../render/fixtures.ts';

const role = (zone: string, own: Partial<Role> = {}): Role =>
  made({
    size: 'Standard_B2s',
    address: { kind: 'reserved' },
    schedule: { days: ['mon', 'sun'], start: '09:00', stop: '18:05', zone },
    ...own,
  });

const blueprint = (zone: string, own: Partial<Role> = {}): Blueprint =>
  shop({ system: 'lostops', roles: { app: role(zone, own) } });

const environment: Environment = {
  name: 'preprod',
  operators: { networks: [], sshPublicKeys: [] },
  systems: {},
  network: '10.64.0.0/20',
  authority: 'letsencrypt-staging',
  clouds: {},
};

test.for([
  ['Europe/Paris', 'Romance Standard Time'],
  ['Etc/UTC', 'UTC'],
  ['Europe/Amsterdam', 'Romance Standard Time'],
  ['Europe/Helsinki', 'FLE Standard Time'],
  ['America/Toronto', 'Eastern Standard Time'],
  ['Asia/Kolkata', 'India Standard Time'],
])('Windows knows %s as %s', ([zone = '', name]) => {
  expect(windowsZone(zone)).toBe(name);
});

test.for(['Australia/Lord_Howe', 'Asia/Kathmandu', 'Pacific/Chatham'])('%s has clocks of its own', (zone) => {
  expect(windowsZone(zone)).toBeUndefined();
});

test('a schedule in a zone without a name is refused with its path, before any call', () => {
  expect(blueprintProblems(blueprint('Europe/Paris'), environment, 'azure', clouds)).toEqual([]);
  expect(blueprintProblems(blueprint('Asia/Kathmandu'), environment, 'azure', clouds)).toEqual([
    expect.objectContaining({
      path: expect.stringMatching(/lostops.*app.*schedule.*zone$/),
      value: '`Asia/Kathmandu`',
      fix: 'choose one with the same offset',
    }),
  ]);
});

test('a DNS zone without a resource group is refused; one with either group is not', () => {
  const problems = (settings: object) => azureProblems(blueprint('Etc/UTC'), settings).map(({ path }) => path);
  expect(problems({ dnsZone: 'example.org' })).toEqual([expect.stringMatching(/azure.*dnsZoneGroup/)]);
  expect(problems({ dnsZone: 'example.org', dnsZoneGroup: 'names' })).toEqual([]);
  expect(problems({ dnsZone: 'example.org', resourceGroup: 'all' })).toEqual([]);
  expect(problems({})).toEqual([]);
});

test('a bucket for an application that speaks S3 alone is refused, and what there is in its place is named', () => {
  const needy: Blueprint = { ...blueprint('Etc/UTC'), buckets: [{ name: 'uploads', apis: ['s3'] }] };
  const [problem, ...others] = blueprintProblems(needy, environment, 'azure', clouds);
  expect(others).toEqual([]);
  expect(problem).toMatchObject({
    message: expect.stringMatching(/s3, which cloud azure does not support/),
    allowed: 'blob',
  });
});

test('a workflow asks once for each machine at its time, and waits for its first one', () => {
  const { schedule } = role('Europe/Paris');
  if (!schedule) throw new Error('no schedule');
  const machines = { 'lostops-app-0': '/subscriptions/s/vm0', 'lostops-app-1': '/subscriptions/s/vm1' };
  const { triggers, actions } = definition({ action: 'stop', schedule, identity: '/identity', machines });
  expect(triggers.clock.recurrence).toEqual({
    frequency: 'Week',
    interval: 1,
    startTime: '2024-01-01T00:00:00',
    timeZone: 'Romance Standard Time',
    schedule: { weekDays: ['Monday', 'Sunday'], hours: [18], minutes: [5] },
  });
  expect(Object.keys(actions)).toEqual(['lostops-app-0', 'lostops-app-1']);
  expect(actions['lostops-app-1']).toMatchObject({
    type: 'Http',
    runAfter: {},
    inputs: {
      method: 'POST',
      uri: 'https://management.azure.com/subscriptions/s/vm1/deallocate?api-version=2024-07-01',
      authentication: { type: 'ManagedServiceIdentity', identity: '/identity' },
    },
  });
});

const sized = (size: string, given: Partial<Role> = {}): Blueprint => blueprint('Etc/UTC', { size, ...given });
const volume = { volume: { sizeGb: 20 } };

test.for<[string, Partial<Role>, boolean, RegExp]>([
  ['Standard_D2ps_v5', {}, true, /ARM/],
  ['Standard_B2pts_v2', {}, true, /ARM/],
  ['Standard_E2plds_v6', {}, true, /ARM/],
  ['Standard_D2ds_v6', volume, true, /NVMe/],
  ['Standard_E4ads_v7', volume, true, /NVMe/],
  ['Standard_D2s_v6', {}, false, /generation 2/],
  ['Standard_A2_v2', {}, true, /generation 1/],
  ['Standard_D2_v2', {}, true, /generation 1/],
  ['Basic_A1', {}, true, /generation 1/],
  ['t3.micro', {}, true, /not a size/],
  ['D2s_v5', {}, true, /not a size/],
])('size %s is refused before any call', ([size, given, trustedLaunch, message]) => {
  expect(azureProblems(sized(size, given), { trustedLaunch })).toEqual([
    expect.objectContaining({
      path: 'berth:systems.lostops.app.size',
      value: `\`${size}\``,
      message: expect.stringMatching(message),
      allowed: expect.stringMatching(/./),
    }),
  ]);
});

test.for<[string, Partial<Role>]>([
  ['Standard_B2s', volume],
  ['Standard_B2ms', volume],
  ['Standard_D2s_v5', volume],
  ['Standard_E4-2ads_v5', volume],
  ['Standard_NC24ads_A100_v4', volume],
  ['Standard_M416s_8_v2', {}],
  ['Standard_D2s_v6', {}],
  ['Standard_DS1_v2', volume],
])('size %s is taken', ([size, given]) => {
  expect(azureProblems(sized(size, given), { trustedLaunch: true })).toEqual([]);
});

test.for([
  ['lostops', 'access', 'access'],
  ['lostops', 'windows-images', 'windows'],
  ['login-of-agents', 'uploads', 'login'],
  ['microsoft-notes', 'uploads', 'microsoft'],
])(
  'system %s with a bucket or log stream %s is refused before any call: Azure keeps %s',
  ([system = '', name = '', word]) => {
    for (const own of [{ buckets: [{ name, apis: ['blob'] as const }] }, { logStreams: [{ name }] }]) {
      expect(azureProblems(shop({ system, roles: {}, buckets: [], logStreams: [], ...own }))).toEqual([
        expect.objectContaining({
          path: expect.stringContaining(system),
          message: expect.stringContaining(`word ${word} `),
        }),
      ]);
    }
  },
);

test('words that Azure keeps are no matter inside another word', () => {
  const blueprint = shop({
    system: 'office',
    roles: {},
    buckets: [{ name: 'accesses', apis: ['blob'] }],
    logStreams: [{ name: 'after-login' }],
  });
  expect(azureProblems(blueprint)).toEqual([]);
});
