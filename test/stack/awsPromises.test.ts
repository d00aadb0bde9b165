import { describe, expect, test } from 'vitest';
import { rehearsal } from '../../src/clouds/aws/rehearsal.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { declaredOnAws, view } from './awsProgram.ts';
import { settled } from './program.ts';

const { declared } = await declaredOnAws();
const aws = view(declared);

const ingress = 'SecurityGroupIngressRule';
const egress = 'SecurityGroupEgressRule';

describe('what scanners of AWS ask for', () => {
  const root = ({ inputs }: DeclaredResource) => inputs.rootBlockDevice as { encrypted: boolean; tags: object };
  const each = (type: string) => {
    const found = aws.typed(type);
    expect(found.length, type).toBeGreaterThan(0);
    return found;
  };
  const bucketNames = () => each('s3/bucket:Bucket').map(({ name }) => name);

  const rules: [id: string, what: string, holds: () => boolean][] = [
    [
      'AWS-0107',
      'SSH is closed to the world',
      () =>
        each(ingress).every(
          ({ inputs }) => inputs.cidrIpv4 !== '0.0.0.0/0' || [80, 443].includes(Number(inputs.fromPort)),
        ),
    ],
    [
      'AWS-0099',
      'groups are described',
      () => each('ec2/securityGroup:SecurityGroup').every(({ inputs }) => /\w/.test(String(inputs.description))),
    ],
    [
      'AWS-0124',
      'rules are described',
      () => [...each(ingress), ...each(egress)].every(({ inputs }) => /\w/.test(String(inputs.description))),
    ],
    [
      'AWS-0028',
      'metadata is asked for with a token, by the machine itself',
      () =>
        each('ec2/instance:Instance').every(
          ({ inputs }) =>
            JSON.stringify(inputs.metadataOptions) ===
            '{"httpEndpoint":"enabled","httpPutResponseHopLimit":1,"httpTokens":"required"}',
        ),
    ],
    [
      'AWS-0131',
      'root disks are encrypted',
      () => each('ec2/instance:Instance').every((instance) => root(instance).encrypted),
    ],
    [
      'AWS-0026',
      'volumes are encrypted',
      () => each('ebs/volume:Volume').every(({ inputs }) => inputs.encrypted === true),
    ],
    ['AWS-0101', 'no default network', () => declared.every(({ type }) => !/default(Vpc|Subnet)/i.test(type))],
    [
      'AWS-0164',
      'subnets give no public addresses by themselves',
      () => each('ec2/subnet:Subnet').every(({ inputs }) => inputs.mapPublicIpOnLaunch === false),
    ],
    ['AWS-0178', 'flows are logged', () => each('ec2/vpc:Vpc').length === each('ec2/flowLog:FlowLog').length],
    [
      'AWS-0052',
      'balancers drop broken headers',
      () => each('lb/loadBalancer:LoadBalancer').every(({ inputs }) => inputs.dropInvalidHeaderFields === true),
    ],
    [
      'AWS-0045',
      'caches are encrypted at rest',
      () =>
        each('elasticache/replicationGroup:ReplicationGroup').every(
          ({ inputs }) => inputs.atRestEncryptionEnabled === true,
        ),
    ],
    [
      'AWS-0086 0087 0091 0093 0094',
      'buckets are closed to the public',
      () =>
        bucketNames().every((name) => {
          const { bucket: _, ...blocks } = aws.inputs('s3/bucketPublicAccessBlock:BucketPublicAccessBlock', name);
          return Object.values(blocks).length === 4 && Object.values(blocks).every((value) => value === true);
        }),
    ],
    [
      'AWS-0088',
      'buckets are encrypted',
      () =>
        bucketNames().every((name) =>
          aws
            .names('s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration')
            .includes(name),
        ),
    ],
    [
      'AWS-0090',
      'buckets keep versions',
      () => bucketNames().every((name) => aws.names('s3/bucketVersioning:BucketVersioning').includes(name)),
    ],
    [
      'AWS-0092',
      'buckets have no access lists',
      () =>
        bucketNames().every((name) =>
          JSON.stringify(aws.inputs('s3/bucketOwnershipControls:BucketOwnershipControls', name)).includes(
            'BucketOwnerEnforced',
          ),
        ),
    ],
    // Logs are excepted: balancers can't write with such a key, and a log of its own reading would never end
    [
      'AWS-0132 0089',
      'data has a key of its own, and its readers are written down',
      () =>
        bucketNames()
          .filter((name) => name !== 'shop-access-logs')
          .every(
            (name) =>
              aws.names('kms/key:Key').includes(name) && aws.names('s3/bucketLogging:BucketLogging').includes(name),
          ),
    ],
  ];

  test.each(rules)('%s: %s', (_id, _what, holds) => expect(holds()).toBe(true));

  test('AWS-0344: images come from their maker', async () => {
    const asked: unknown[] = [];
    const getAmi = (inputs: object) => {
      asked.push(inputs);
      return { id: 'ami-debian13' };
    };
    await declaredOnAws({ functions: { ...rehearsal.functions, 'aws:ec2/getAmi:getAmi': getAmi } });
    expect(asked).toEqual([expect.objectContaining({ owners: ['136693071363'], mostRecent: true })]);
  });

  test('machines and their disks bear their name and their role', () => {
    for (const instance of aws.typed('ec2/instance:Instance')) {
      const tags = { Name: `${instance.name}-preprod`, role: instance.name.split('-')[1] };
      expect(instance.inputs.tags).toEqual(tags);
      expect(root(instance).tags).toEqual(tags);
    }
  });
});

describe('what holds data, and what has an address', () => {
  const kept = (list: readonly DeclaredResource[]) =>
    Object.fromEntries(
      list
        .filter(({ options, type }) => options.protect && type.startsWith('aws:'))
        .map(({ type, name, options }) => [
          `${type.split(':').at(-1)} ${name}`,
          options.retainOnDelete ? 'kept' : 'guarded',
        ]),
    );

  test('goes on purpose only, but for machines by which a fleet grows', () =>
    expect(kept(declared)).toEqual({
      ...Object.fromEntries(
        ['web-0', 'gate-0', 'database-0', 'office-0'].map((name) => [`Instance shop-${name}`, 'guarded']),
      ),
      ...Object.fromEntries(['database-0', 'office-0'].map((name) => [`Eip shop-${name}`, 'guarded'])),
      ...{ 'Volume shop-database-0-data': 'kept', 'Bucket shop-uploads': 'kept', 'Bucket shop-access-logs': 'kept' },
      ...{ 'Key shop-uploads': 'kept', 'Domain shop-app': 'kept' },
      ...{ 'ReplicationGroup shop-sessions': 'guarded', 'LoadBalancer shop-front': 'guarded' },
    }));

  test('goes where the system allows it, with what is in it', async () => {
    const allowed = await declaredOnAws({ entry: { allowDestroy: true } });
    expect(kept(allowed.declared)).toEqual({});
    expect(view(allowed.declared).inputs('s3/bucket:Bucket', 'shop-uploads').forceDestroy).toBe(true);
    expect(view(allowed.declared).inputs('lb/loadBalancer:LoadBalancer', 'shop-front').enableDeletionProtection).toBe(
      false,
    );
    expect(aws.inputs('s3/bucket:Bucket', 'shop-uploads').forceDestroy).toBe(false);
  });
});

test('names are within the limits of AWS, however long the words are', async () => {
  const long = await declaredOnAws({
    environment: { name: 'prod-abcdefghijklmnopqrst' },
    blueprint: { system: 'catalogage-donnees-shop' },
  });
  const limits = {
    'lb/loadBalancer:LoadBalancer': ['name', 32],
    'lb/targetGroup:TargetGroup': ['name', 32],
    'elasticache/replicationGroup:ReplicationGroup': ['replicationGroupId', 40],
    'opensearch/domain:Domain': ['domainName', 28],
    's3/bucket:Bucket': ['bucket', 63],
    'iam/role:Role': ['name', 64],
    'iam/user:User': ['name', 64],
    'scheduler/schedule:Schedule': ['name', 64],
  } as const;
  for (const [type, [key, length]] of Object.entries(limits)) {
    for (const { inputs } of view(long.declared).typed(type)) {
      expect(String(inputs[key]).length, type).toBeLessThanOrEqual(length);
      expect(inputs[key], type).toMatch(/^[a-z][a-z0-9-]*[a-z0-9]$/);
    }
  }
  expect((await settled(long.provisioned.facts['buckets.uploads.bucket'] ?? '')).value).toMatch(/^catalogage/);
});
