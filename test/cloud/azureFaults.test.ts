import { afterAll, beforeAll, expect, test } from 'vitest';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { onAzure, role, shop } from '../stack/azureProgram.ts';
import { type Judge, openJudge } from './azure/judge.ts';
import { opened } from './opened.ts';

// Faults put in on purpose into what a program declares for Azure: each must be noticed.

type Inputs = Record<string, unknown>;
type Rules = readonly { name: string; description: string; priority: number }[];

let judge: Judge;
let declared: readonly DeclaredResource[];
beforeAll(async () => {
  judge = await openJudge();
  ({ declared } = await onAzure({ settings: { dnsZone: 'example.org', dnsZoneGroup: 'zones' } }));
}, 600_000);
afterAll(() => judge?.close());

/** What is said once a resource has other inputs */
async function said(type: string, name: string, other: (inputs: Inputs) => object): Promise<string> {
  const changed = declared.map((one) => {
    if (one.type !== `azure-native:${type}` || one.name !== name) return one;
    const inputs = opened(one.inputs) as Inputs;
    return { ...one, inputs: { ...inputs, ...other(inputs) } };
  });
  return (await judge.flaws(changed)).join('\n');
}

const inRules = (change: (rules: Rules) => readonly object[]) => (inputs: Inputs) => ({
  securityRules: change(inputs.securityRules as Rules),
});
const first = (other: object) => inRules(([rule, ...rest]) => [{ ...rule, ...other }, ...rest]);
const merged = (key: string, other: object) => (inputs: Inputs) => ({
  [key]: { ...(inputs[key] as object), ...other },
});

const firewall = ['network:NetworkSecurityGroup', 'shop-firewall'] as const;
const machine = ['compute:VirtualMachine', 'shop-web-0'] as const;
const account = ['storage:StorageAccount', 'shop-uploads'] as const;

const faults: readonly (readonly [
  title: string,
  type: string,
  name: string,
  other: (inputs: Inputs) => object,
  noticed: RegExp,
])[] = [
  [
    'a description of 141 characters',
    ...firewall,
    first({ description: 'a'.repeat(141) }),
    /a description of 141 characters/,
  ],
  [
    'a network with host bits',
    ...firewall,
    first({ sourceAddressPrefixes: ['192.0.2.1/24'] }),
    /192\.0\.2\.1\/24, which is no network/,
  ],
  [
    'a rule twice',
    ...firewall,
    inRules(([rule, ...rest]) => [rule ?? {}, rule ?? {}, ...rest]),
    /two rules named .*\n.*two rules of priority/,
  ],
  [
    'a protocol that there is not',
    ...firewall,
    first({ protocol: 'TCP/IP' }),
    /protocol is 'TCP\/IP', and none of Tcp, Udp/,
  ],
  ['a priority below the first', ...firewall, first({ priority: 99 }), /priority 99, allowed: 100 to 4096/],
  [
    'a group that there is not',
    ...firewall,
    first({
      destinationApplicationSecurityGroups: [
        { id: '/subscriptions/s/resourceGroups/g/providers/Microsoft.Network/applicationSecurityGroups/other' },
      ],
    }),
    /applicationSecurityGroups\/other is the id of nothing/,
  ],
  ['an input that the API lacks', ...firewall, first({ sourcePort: '*' }), /sourcePort is unknown to SecurityRule/],
  ['a name too long', ...machine, () => ({ vmName: 'a'.repeat(65) }), /its name is a{65}, which/],
  ['a name with an underscore', ...machine, () => ({ vmName: 'shop_web' }), /its name is shop_web, which/],
  [
    'more user data than fits',
    ...machine,
    merged('osProfile', { customData: Buffer.alloc(65_536, 'a').toString('base64') }),
    /more user data than 65535 bytes/,
  ],
  [
    'a user that Azure keeps',
    ...machine,
    merged('osProfile', { adminUsername: 'admin' }),
    /the user admin, which Azure does not allow/,
  ],
  [
    'a security type that there is not',
    ...machine,
    merged('securityProfile', { securityType: 'Trusted' }),
    /securityType is 'Trusted', and none of TrustedLaunch/,
  ],
  [
    'a number as a text',
    'compute:Disk',
    'shop-database-0-volume',
    () => ({ diskSizeGB: '20' }),
    /diskSizeGB is '20', and int is asked for/,
  ],
  [
    'a kind of account that there is not',
    ...account,
    () => ({ kind: 'StorageV3' }),
    /kind is 'StorageV3', and none of Storage, StorageV2/,
  ],
  ['no kind of account', ...account, () => ({ kind: undefined }), /StorageAccountCreateParameters\.kind is missing/],
  ['an account with a hyphen', ...account, () => ({ accountName: 'shop-uploads' }), /its name is shop-uploads, which/],
  [
    'a container of two letters',
    'storage:BlobContainer',
    'shop-uploads-container',
    () => ({ containerName: 'db' }),
    /its name is db, which/,
  ],
  [
    'more days than blobs are kept',
    'storage:BlobServiceProperties',
    'shop-uploads-versions',
    merged('deleteRetentionPolicy', { days: 366 }),
    /days is 366, and its maximum is 365/,
  ],
  [
    'more days than messages are kept',
    'eventhub:EventHub',
    'shop-app-logs-hub',
    () => ({ messageRetentionInDays: 8 }),
    /keeps messages 8 days, allowed: 1 to 7/,
  ],
  [
    'what Azure alone sets',
    'network:PublicIPAddress',
    'shop-web-0-address',
    () => ({ provisioningState: 'Succeeded' }),
    /provisioningState is for Azure alone to set/,
  ],
  [
    'a workflow whose name is too long',
    'logic:Workflow',
    'shop-web-start',
    () => ({ workflowName: 'a'.repeat(44) }),
    /its name is a{44}, which/,
  ],
  [
    'a record without an address',
    'dns:RecordSet',
    'shop-shop.example.org',
    () => ({ aRecords: [{ ipv4: '192.0.2.1' }] }),
    /ipv4 is unknown to ARecord/,
  ],
];

test('nothing is said of what berth declares', async () => {
  expect(await judge.flaws(declared)).toEqual([]);
});

test.each(faults)('%s is noticed', async (_, type, name, other, noticed) => {
  expect(await said(type, name, other)).toMatch(noticed);
});

test('names of every length are accepted: of systems, roles and buckets', async () => {
  for (const [word, bucket] of [
    ['a', 'b'],
    ['a'.repeat(60), 'b'.repeat(60)],
  ] as const) {
    const system = `s${word}`;
    const roles = { [`r${word}`]: role({ ...shop.roles.web }), database: role({ ...shop.roles.database }) };
    const rules = shop.rules.filter(({ to, from }) => to === 'database' && from === 'operators');
    const made = await onAzure({
      blueprint: { system, roles, rules, records: [], buckets: [{ name: bucket, apis: ['blob'] }] },
    });
    expect(await judge.flaws(made.declared)).toEqual([]);
  }
});
