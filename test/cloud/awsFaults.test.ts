import { afterAll, beforeAll, expect, test } from 'vitest';
import type { LaterAnswers } from '../../src/policy/answers.ts';
import { declaredOnAws } from '../stack/awsProgram.ts';
import { type Account, openAccount } from './aws/account.ts';
import { live } from './aws/live.ts';
import { everything } from './aws/sample.ts';

// Faults put in on purpose between the program and the account, each in a resource of its own: all must be noticed.

type Inputs = Record<string, never>;

const long = 'a'.repeat(256);
const policyOf = (...actions: string[]) =>
  JSON.stringify({ Version: '2012-10-17', Statement: [{ Effect: 'Allow', Action: actions, Resource: '*' }] });

/** A type and a name of the sample's resources, other inputs, and what is said of them */
const faults: readonly (readonly [type: string, name: string, other: object, said: RegExp])[] = [
  [
    'vpc/securityGroupIngressRule:SecurityGroupIngressRule',
    'shop-front-tcp-443-from-internet',
    { description: 'naïve' },
    /description is "naïve", allowed: 255 of/,
  ],
  [
    'vpc/securityGroupIngressRule:SecurityGroupIngressRule',
    'shop-web-tcp-22-from-192.0.2.0-24',
    { cidrIpv4: '192.0.2.1/24' },
    /cidrIpv4 is "192.0.2.1\/24", allowed: a network/,
  ],
  [
    'ec2/subnetCidrReservation:SubnetCidrReservation',
    'shop-0',
    { cidrBlock: '10.64.0.1/22' },
    /cidrBlock is "10.64.0.1\/22", allowed: a network/,
  ],
  [
    'ec2/subnetCidrReservation:SubnetCidrReservation',
    'shop-1',
    { reservationType: 'implicit' },
    /ReservationType is 'implicit', and none of prefix, explicit/,
  ],
  ['ec2/securityGroup:SecurityGroup', 'shop-gate', { name: long }, /name is "a{256}", allowed/],
  ['iam/user:User', 'shop-uploads', { name: 'a'.repeat(65) }, /UserName has 65 characters, and 64 are allowed/],
  ['iam/role:Role', 'shop-flows', { name: 'flows of shop' }, /RoleName is 'flows of shop', which .* does not describe/],
  ['ec2/instance:Instance', 'shop-gate-0', { userData: 'a'.repeat(16_385) }, /userData is "a+", allowed: 16 KB/],
  [
    'ec2/instance:Instance',
    'shop-web-0',
    { metadataOptions: { httpTokens: 'needed' } },
    /HttpTokens is 'needed', and none of optional, required/,
  ],
  ['ec2/instance:Instance', 'shop-web-1', { privateIp: '10.99.0.1' }, /IP does not fall in the subnet CIDR/],
  ['ec2/instance:Instance', 'shop-office-0', { instanceType: 't9.huge' }, /InstanceType is 't9.huge', and none of/],
  ['ec2/instance:Instance', 'shop-office-1', { subnetId: 'subnet-0123' }, /subnet ID 'subnet-0123' does not exist/],
  [
    'lb/targetGroup:TargetGroup',
    'shop-front',
    { name: 'shop-front-of-the-preprod-environment' },
    /name is .*, allowed: 32 letters/,
  ],
  [
    'lb/listener:Listener',
    'shop-front-https',
    { sslPolicy: 'ELBSecurityPolicy-TLS14' },
    /ELBSecurityPolicy-TLS14 is none of ELBSecurityPolicy-/,
  ],
  [
    's3/bucketPolicy:BucketPolicy',
    'shop-uploads',
    { policy: policyOf('s3:GetObjects') },
    /UNKNOWN_ACTION: Unknown action s3:GetObjects/,
  ],
  [
    'iam/userPolicy:UserPolicy',
    'shop-uploads',
    { policy: policyOf(...Array.from({ length: 200 }, () => 's3:GetObject')) },
    /policy is .*, allowed: 2048 characters/,
  ],
  [
    'iam/rolePolicy:RolePolicy',
    'shop-office-hours',
    { policy: '{"Version":"2012-10-17","Statement":[{"Effect":"Permit"}]}' },
    /MALFORMED|MalformedPolicyDocument/,
  ],
  [
    's3/bucketVersioning:BucketVersioning',
    'shop-uploads',
    { versioningConfiguration: { status: 'On' } },
    /Status is 'On', and none of Enabled, Suspended/,
  ],
  [
    's3/bucketLogging:BucketLogging',
    'shop-uploads',
    { targetBucket: 'nowhere' },
    /target bucket for logging does not exist/,
  ],
  ['cloudwatch/logGroup:LogGroup', 'shop-flows', { retentionInDays: 91 }, /retentionInDays is 91, allowed/],
  [
    'elasticache/replicationGroup:ReplicationGroup',
    'shop-sessions',
    { replicationGroupId: 'shop--sessions' },
    /replicationGroupId is "shop--sessions", allowed/,
  ],
  ['opensearch/domain:Domain', 'shop-app', { domainName: 'Shop' }, /DomainName is 'Shop', which .* does not describe/],
  [
    'scheduler/schedule:Schedule',
    'shop-office-start',
    { flexibleTimeWindow: { mode: 'NONE' } },
    /Mode is 'NONE', and none of OFF, FLEXIBLE/,
  ],
  [
    'scheduler/schedule:Schedule',
    'shop-office-stop',
    { scheduleExpression: 'cron(5 19 * * MON *)' },
    /scheduleExpression is .*, allowed: cron/,
  ],
  ['ebs/volume:Volume', 'shop-database-0-data', { type: 'gp4' }, /VolumeType is 'gp4', and none of/],
];

let aws: Account;
let refused: readonly string[];
let changed: { wanted: Record<string, unknown>; there: Record<string, unknown> };

beforeAll(async () => {
  aws = await openAccount();
  const world = live(aws);
  const given = await everything(aws, world);
  const answers: LaterAnswers = Object.fromEntries(
    Object.entries(world.answers).map(([type, answer]) => [
      type,
      (inputs: Inputs, name: string) => {
        const fault = faults.find(([end, of]) => type === `aws:${end}` && of === name);
        return answer({ ...inputs, ...fault?.[2] } as never, name);
      },
    ]),
  );
  // One rule twice, which is told of the second
  const twice = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
  const rule = answers[twice];
  const { declared } = await declaredOnAws({
    ...given,
    answers: {
      ...answers,
      [twice]: async (inputs: Inputs, name: string) => {
        await rule?.(inputs as never, name);
        return (await rule?.(inputs as never, name)) ?? {};
      },
    },
  });
  refused = [...world.refused];
  changed = (await world.compared(declared)) as typeof changed;
}, 600_000);
afterAll(() => aws?.close());

const titled = faults.map(([type, name, other, said]) => ({
  ...{ type, name, said },
  title: `${type.replace(/.*:/, '')} ${name}: another ${Object.keys(other).join()}`,
}));

test.each(titled)('$title is refused', ({ type, name, said }) => {
  expect(refused.filter((line) => line.startsWith(`aws:${type} ${name}: `)).join('\n')).toMatch(said);
});

test('a rule that is there already is refused', () => {
  const lines = refused.filter((line) => line.includes('SecurityGroupEgressRule shop-web: '));
  expect(lines.join('\n')).toMatch(/InvalidPermission\.Duplicate/);
});

test('what is there in another way than declared is told', () => {
  const key = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule shop-web-tcp-22-from-192.0.2.0-24';
  expect(changed.there[key]).not.toEqual(changed.wanted[key]);
});
