import * as pulumi from '@pulumi/pulumi';
import { describe, expect, test } from 'vitest';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { declaredOnAws, sample, secretTexts, view } from './awsProgram.ts';
import { deployKey, runProgram, sealed, settled } from './program.ts';

const { declared, provisioned } = await declaredOnAws();
const aws = view(declared);

const fact = async (name: string, given = provisioned) => (await settled(given.facts[name] ?? '')).value;

test('names are stable: a changed one is a decision', () => {
  expect(declared.map(({ type, name }) => `${type} ${name}`).sort()).toMatchSnapshot();
});

test('everything is made by one provider of the system, which has its region, its marks and no key', () => {
  const own = declared.filter(({ type }) => type.startsWith('aws:'));
  expect(own.filter(({ provider }) => !provider.includes('::shop-aws::')).map(({ name }) => name)).toEqual([]);
  const [provider, ...others] = declared.filter(({ type }) => type === 'pulumi:providers:aws');
  expect(others).toEqual([]);
  expect(provider?.inputs).toMatchObject({ region: 'eu-west-2' });
  for (const never of ['accessKey', 'secretKey', 'token', 'profile'])
    expect(provider?.inputs).not.toHaveProperty(never);
  expect(JSON.parse(String(provider?.inputs.defaultTags))).toMatchObject({
    tags: { system: 'shop', environment: 'preprod', 'managed-by': 'berth', 'berth-version': expect.any(String) },
  });
});

test('everything is a child of its system', () => {
  const astray = declared.filter(
    ({ type, options }) => /^(aws|tls):/.test(type) && !options.parent.endsWith('::berth:index:System::shop'),
  );
  expect(astray.map(({ name }) => name)).toEqual([]);
});

test('no secret stands outside its envelope', () => {
  // An id is the provider's answer, and never secret to the engine
  const open = JSON.stringify(
    declared.map(({ id: _id, ...own }) => own),
    (_, value) => (isEnvelope(value) ? undefined : value),
  );
  for (const text of [...Object.values(secretTexts), 'the-secret-key', 'the-access-key', 'the private half']) {
    expect(open).not.toContain(text);
  }
  expect(sealed(aws.inputs('ec2/instance:Instance', 'shop-web-0').userData)).toContain('#cloud-config');
});

describe('the network', () => {
  test('is of its own, over two zones, with a way out of each', () => {
    expect(aws.inputs('ec2/vpc:Vpc', 'shop')).toMatchObject({ cidrBlock: '10.64.0.0/20' });
    for (const [index, cidrBlock, zone] of [
      [0, '10.64.0.0/21', 'eu-west-2a'],
      [1, '10.64.8.0/21', 'eu-west-2b'],
    ] as const) {
      const subnet = aws.one('ec2/subnet:Subnet', `shop-${index}`);
      expect(subnet.inputs).toMatchObject({ cidrBlock, availabilityZone: zone, mapPublicIpOnLaunch: false });
      expect(subnet.options.ignoreChanges).toEqual(['availabilityZone']);
      expect(aws.inputs('ec2/routeTableAssociation:RouteTableAssociation', `shop-${index}`)).toEqual({
        subnetId: `shop-${index}-id`,
        routeTableId: 'shop-id',
      });
    }
    expect(aws.inputs('ec2/routeTable:RouteTable', 'shop').routes).toEqual([
      { cidrBlock: '0.0.0.0/0', gatewayId: 'shop-id' },
    ]);
  });

  test("keeps machines' planned addresses from what AWS places itself, which waits for that", () => {
    const reservation = aws.inputs('ec2/subnetCidrReservation:SubnetCidrReservation', 'shop-1');
    expect(reservation).toMatchObject({ cidrBlock: '10.64.8.0/22', reservationType: 'explicit' });
    for (const [type, name] of [
      ['lb/loadBalancer:LoadBalancer', 'shop-front'],
      ['elasticache/replicationGroup:ReplicationGroup', 'shop-sessions'],
      ['opensearch/domain:Domain', 'shop-app'],
    ] as const) {
      expect(aws.waitsFor(type, name)).toContain('aws:ec2/subnetCidrReservation:SubnetCidrReservation shop-1');
    }
  });

  test('has its flows logged, by a right to do that alone', () => {
    expect(aws.inputs('ec2/flowLog:FlowLog', 'shop-flows')).toMatchObject({ trafficType: 'ALL', vpcId: 'shop-id' });
    expect(aws.inputs('cloudwatch/logGroup:LogGroup', 'shop-flows')).toMatchObject({ retentionInDays: 90 });
    expect(aws.statements('iam/rolePolicy:RolePolicy', 'shop-flows')[0]?.Resource).toEqual([
      'arn:aws:logs:eu-west-2:123456789012:log-group:shop-flows',
      'arn:aws:logs:eu-west-2:123456789012:log-group:shop-flows:*',
    ]);
    expect(aws.inputs('iam/role:Role', 'shop-flows').assumeRolePolicy).toContain('vpc-flow-logs.amazonaws.com');
  });

  test('may lie elsewhere', async () => {
    const other = await declaredOnAws({ environment: { network: '172.20.0.0/16' } });
    expect(view(other.declared).inputs('ec2/vpc:Vpc', 'shop').cidrBlock).toBe('172.20.0.0/16');
    expect(await fact('machines.web.1.privateAddress', other.provisioned)).toBe('172.20.128.17');
  });
});

describe('a machine', () => {
  test('stands at its planned address, in the zone of its number', () => {
    const [even, odd] = [0, 1].map((index) => aws.inputs('ec2/instance:Instance', `shop-web-${index}`));
    expect(even).toMatchObject({ privateIp: '10.64.0.16', subnetId: 'shop-0-id', instanceType: 't3.micro' });
    expect(odd).toMatchObject({ privateIp: '10.64.8.17', subnetId: 'shop-1-id', associatePublicIpAddress: true });
    expect(even).toMatchObject({ vpcSecurityGroupIds: ['shop-web-id'], keyName: 'shop-preprod', ami: 'ami-debian13' });
  });

  test('keeps its image, its user data and its way to an address, and is never made beside itself', () => {
    for (const { options, inputs } of aws.typed('ec2/instance:Instance')) {
      expect(options.ignoreChanges).toEqual(['ami', 'userData', 'associatePublicIpAddress']);
      expect(options.deleteBeforeReplace).toBe(true);
      expect(inputs.userDataReplaceOnChange).toBe(false);
    }
  });

  test('waits for the way to the internet, and goes before it', () => {
    expect(aws.waitsFor('ec2/instance:Instance', 'shop-web-0')).toEqual(
      expect.arrayContaining([
        'aws:ec2/internetGateway:InternetGateway shop',
        'aws:ec2/routeTableAssociation:RouteTableAssociation shop-0',
        'aws:ec2/keyPair:KeyPair shop',
      ]),
    );
  });

  test('is told to its host: where, as whom, by which key, in which incarnation', async () => {
    const host = provisioned.hosts['shop-database-0'];
    expect(host).toMatchObject({ role: 'database', index: 0, port: 22, user: 'berth' });
    expect((await settled(host?.hostKey ?? '')).value).toBe('ssh-ed25519 AAAAC3Nz shop-database-0-host-key');
    expect((await settled(host?.incarnation ?? '')).value).toBe('i-shop-database-0');
    expect((await settled(host?.address ?? '')).value).toBe('203.0.113.50');
  });

  test('a reserved address is its own, outlives it, and is adopted where its options name one', async () => {
    expect(aws.one('ec2/eip:Eip', 'shop-database-0')).toMatchObject({
      inputs: { domain: 'vpc' },
      options: { protect: true },
    });
    expect(aws.inputs('ec2/eipAssociation:EipAssociation', 'shop-database-0')).toEqual({
      allocationId: 'eipalloc-shop-database-0',
      instanceId: 'i-shop-database-0',
    });
    expect(aws.names('ec2/eip:Eip')).not.toContain('shop-gate-0');
    expect(aws.inputs('ec2/eipAssociation:EipAssociation', 'shop-gate-0').allocationId).toBe('eipalloc-adopted');
    expect(await fact('machines.gate.0.publicAddress')).toBe('198.51.100.7');
    expect(aws.inputs('ec2/instance:Instance', 'shop-gate-0')).not.toHaveProperty('associatePublicIpAddress');
  });

  test('that stops by the clock has a reserved address, since it would lose another', async () => {
    expect(aws.names('ec2/eip:Eip')).toEqual(expect.arrayContaining(['shop-office-0', 'shop-office-1']));
    expect(await fact('machines.office.1.publicAddress')).toBe('203.0.113.51');
  });

  test('sees its data disk by the name of the volume', async () => {
    const volume = aws.one('ebs/volume:Volume', 'shop-database-0-data');
    expect(volume.inputs).toMatchObject({ size: 40, type: 'gp3', encrypted: true });
    expect(volume.options).toMatchObject({ protect: true, retainOnDelete: true });
    expect(aws.one('ec2/volumeAttachment:VolumeAttachment', 'shop-database-0-data')).toMatchObject({
      inputs: { instanceId: 'i-shop-database-0', volumeId: 'vol-0123456789abcdef0' },
      options: { deleteBeforeReplace: true },
    });
    expect(await fact('machines.database.0.volumeDevice')).toBe(
      '/dev/disk/by-id/nvme-Amazon_Elastic_Block_Store_vol0123456789abcdef0',
    );
    expect(provisioned.facts).not.toHaveProperty('machines.web.0.volumeDevice');
  });

  test('a second one changes nothing of the first', async () => {
    const roles = { ...sample.roles, web: { ...sample.roles.web, count: 3 } as typeof sample.roles.web };
    const more = await declaredOnAws({ blueprint: { roles: roles as typeof sample.roles } });
    const plain = ({ type, name, inputs, options }: DeclaredResource) => JSON.stringify([type, name, inputs, options]);
    const after = new Set(more.declared.map(plain));
    expect(declared.filter((resource) => !after.has(plain(resource)))).toEqual([]);
    expect(more.declared.length - declared.length).toBe(
      more.declared.filter(({ name }) => name.startsWith('shop-web-2')).length,
    );
  });
});

test('a system that was written for another cloud is deployed here by its entry alone', async () => {
  const { declared: program, systems } = await runProgram('preprod', {
    'berth:operators': {
      networks: ['192.0.2.0/24'],
      sshPublicKeys: ['ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f ada'],
    },
    'berth:systems': {
      basegun: {
        ...{ cloud: 'aws', region: 'eu-west-2', version: '3.3.0', domain: 'basegun.example.org' },
        ...{ tls: 'acme', contact: 'ops@example.org', web: { size: 't3.small' } },
      },
    },
    'berth:secrets': { deployKey, 'basegun/appPassword': secretTexts.appPassword },
  });
  await pulumi.runtime.disconnect();
  const commands = program.filter(({ type }) => type.startsWith('command:')).map(({ name }) => name);
  expect(commands).toEqual(['basegun-web-0-ready', 'basegun-web-0-release']);
  expect(systems).toMatchObject({
    secret: false,
    value: {
      basegun: {
        cloud: 'aws',
        records: [{ name: 'basegun.example.org', type: 'A', value: '203.0.113.50' }],
        machines: { 'basegun-web-0': { publicAddress: '203.0.113.50', privateAddress: '10.64.0.16' } },
        logs: { app: { host: 'vpc-basegun-app-preprod.eu-west-2.es.amazonaws.com', port: '443' } },
      },
    },
  });
  expect(view(program).inputs('ec2/instance:Instance', 'basegun-web-0')).toMatchObject({ instanceType: 't3.small' });
});

/** Pulumi's mark of what is secret or an output on the wire */
const isEnvelope = (value: unknown): boolean =>
  typeof value === 'object' && value !== null && Object.values(value).includes('1b47061264138c4ac30d75fd1eb44270');
