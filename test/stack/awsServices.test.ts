import { describe, expect, test } from 'vitest';
import { declaredOnAws, sample, secretTexts, view } from './awsProgram.ts';
import { sealed, settled } from './program.ts';

const { declared, provisioned } = await declaredOnAws();
const aws = view(declared);

const fact = async (name: string) => (await settled(provisioned.facts[name] ?? '')).value;
const facts = async (...names: string[]) => Promise.all(names.map(fact));
const among = (list: readonly unknown[]) => JSON.stringify(list);

describe('a bucket', () => {
  const name = 'shop-uploads';

  test('is private, encrypted by a key of its own, versioned, and reached over TLS alone', () => {
    expect(aws.inputs('s3/bucketPublicAccessBlock:BucketPublicAccessBlock', name)).toMatchObject({
      ...{ blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    });
    expect(
      among([aws.inputs('s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration', name)]),
    ).toContain('"kmsMasterKeyId":"arn:aws:kms:eu-west-2:123456789012:key/shop-uploads","sseAlgorithm":"aws:kms"');
    expect(aws.inputs('kms/key:Key', name).enableKeyRotation).toBe(true);
    expect(aws.inputs('s3/bucketVersioning:BucketVersioning', name).versioningConfiguration).toEqual({
      status: 'Enabled',
    });
    expect(aws.inputs('s3/bucketOwnershipControls:BucketOwnershipControls', name).rule).toEqual({
      objectOwnership: 'BucketOwnerEnforced',
    });
    expect(aws.statements('s3/bucketPolicy:BucketPolicy', name)).toEqual([
      {
        Effect: 'Deny',
        Principal: '*',
        Action: 's3:*',
        Resource: ['arn:aws:s3:::shop-uploads-preprod-2a3334', 'arn:aws:s3:::shop-uploads-preprod-2a3334/*'],
        Condition: { Bool: { 'aws:SecureTransport': 'false' } },
      },
    ]);
  });

  test('keeps what was overwritten for 90 days and unfinished uploads for 7', () => {
    expect(aws.inputs('s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration', name).rules).toEqual([
      expect.objectContaining({
        status: 'Enabled',
        noncurrentVersionExpiration: { noncurrentDays: 90 },
        abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
      }),
    ]);
  });

  test('has a user who may use it and nothing else', async () => {
    const statements = aws.statements('iam/userPolicy:UserPolicy', name);
    expect(statements.flatMap(({ Resource }) => Resource)).toEqual([
      'arn:aws:s3:::shop-uploads-preprod-2a3334',
      'arn:aws:s3:::shop-uploads-preprod-2a3334/*',
      'arn:aws:kms:eu-west-2:123456789012:key/shop-uploads',
    ]);
    expect(among(statements)).not.toMatch(/:\*"|Version|Policy/);
    expect(aws.inputs('iam/accessKey:AccessKey', name).user).toBe('shop-uploads-preprod');
    expect(await facts('buckets.uploads.endpoint', 'buckets.uploads.bucket', 'buckets.uploads.region')).toEqual([
      'https://s3.eu-west-2.amazonaws.com',
      'shop-uploads-preprod-2a3334',
      'eu-west-2',
    ]);
    expect(await facts('buckets.uploads.accessKey', 'buckets.uploads.secretKey')).toEqual([
      'the-access-key',
      'the-secret-key',
    ]);
  });

  test('has its readers written down, in a bucket that takes that from AWS for this account alone', () => {
    expect(aws.inputs('s3/bucketLogging:BucketLogging', name)).toMatchObject({ targetPrefix: 'uploads/' });
    const [, s3, balancers] = aws.statements('s3/bucketPolicy:BucketPolicy', 'shop-access-logs');
    expect(s3).toMatchObject({
      Principal: { Service: 'logging.s3.amazonaws.com' },
      Condition: { StringEquals: { 'aws:SourceAccount': '123456789012' } },
    });
    expect(balancers?.Resource).toMatch(/\/\*\/AWSLogs\/123456789012\/\*$/);
  });
});

test('facts that are secret are secret outputs, and only they', async () => {
  const secret = await Promise.all(
    Object.entries(provisioned.facts).map(async ([name, value]) => ((await settled(value)).secret ? [name] : [])),
  );
  expect(secret.flat().sort()).toEqual([...provisioned.secretFacts].sort());
});

describe('a log stream', () => {
  const domain = () => aws.inputs('opensearch/domain:Domain', 'shop-app');

  test('is an OpenSearch 2 that Filebeat accepts, encrypted, behind a password', () => {
    expect(domain()).toMatchObject({
      engineVersion: expect.stringMatching(/^OpenSearch_2\.\d+$/),
      advancedOptions: { override_main_response_version: 'true' },
      encryptAtRest: { enabled: true },
      nodeToNodeEncryption: { enabled: true },
      domainEndpointOptions: { enforceHttps: true, tlsSecurityPolicy: expect.stringMatching(/^Policy-Min-TLS-1-2/) },
    });
    expect(sealed(domain().advancedSecurityOptions)).toEqual({
      ...{ enabled: true, internalUserDatabaseEnabled: true },
      masterUserOptions: { masterUserName: 'berth', masterUserPassword: secretTexts.appPassword },
    });
  });

  test('is reached by the machines that ship lines, and by nothing else', () => {
    expect(domain().vpcOptions).toEqual({ subnetIds: ['shop-0-id'], securityGroupIds: ['shop-app-logs-id'] });
    const doors = aws
      .typed('vpc/securityGroupIngressRule:SecurityGroupIngressRule')
      .filter(({ inputs }) => inputs.securityGroupId === 'shop-app-logs-id');
    expect(doors.map(({ inputs }) => inputs)).toEqual([
      expect.objectContaining({
        referencedSecurityGroupId: 'shop-web-id',
        fromPort: 443,
        toPort: 443,
        ipProtocol: 'tcp',
      }),
    ]);
  });

  test('is told as Filebeat takes it', async () => {
    const names = ['scheme', 'port', 'username', 'password', 'token', 'opensearch', 'kafka'];
    expect(await facts(...names.map((name) => `logStreams.app.${name}`))).toEqual([
      ...['https', '443', 'berth', secretTexts.appPassword, '', 'true', 'false'],
    ]);
  });
});

describe('a cache', () => {
  const group = () => aws.inputs('elasticache/replicationGroup:ReplicationGroup', 'shop-sessions');

  test('with a password speaks TLS, and stands in both zones where it has two nodes', async () => {
    expect(group()).toMatchObject({
      ...{ nodeType: 'cache.t4g.micro', numCacheClusters: 2, automaticFailoverEnabled: true, multiAzEnabled: true },
      ...{ atRestEncryptionEnabled: true, transitEncryptionEnabled: true, port: 6379 },
      ...{ engine: 'valkey', engineVersion: '8.0', securityGroupIds: ['shop-sessions-id'] },
    });
    expect(sealed(group().authToken)).toBe(secretTexts.sessionsPassword);
    expect(group().authTokenUpdateStrategy).toBe('SET');
    expect(aws.inputs('elasticache/subnetGroup:SubnetGroup', 'shop-sessions').subnetIds).toEqual([
      'shop-0-id',
      'shop-1-id',
    ]);
    expect(await facts('caches.sessions.scheme', 'caches.sessions.host', 'caches.sessions.port')).toEqual([
      ...['rediss', 'master.shop-sessions.euw2.cache.amazonaws.com', '6379'],
    ]);
  });

  test('accepts the password before the last change only while its file says so', async () => {
    const caches = sample.caches.map((cache) => ({ ...cache, acceptFormerPassword: true }));
    const changing = await declaredOnAws({ blueprint: { caches } });
    const { inputs } = view(changing.declared).one('elasticache/replicationGroup:ReplicationGroup', 'shop-sessions');
    expect(inputs.authTokenUpdateStrategy).toBe('ROTATE');
  });

  test('makes room as its options say, and keeps a snapshot of each of seven days where its data are to be kept', async () => {
    expect(group()).not.toHaveProperty('parameterGroupName');
    expect(group()).not.toHaveProperty('snapshotRetentionLimit');
    const caches = sample.caches.map((cache) => ({ ...cache, eviction: 'noeviction' as const, persistent: true }));
    const { one } = view((await declaredOnAws({ blueprint: { caches } })).declared);
    const { inputs } = one('elasticache/parameterGroup:ParameterGroup', 'shop-sessions');
    expect(inputs).toMatchObject({
      family: 'valkey8',
      parameters: [{ name: 'maxmemory-policy', value: 'noeviction' }],
    });
    expect(one('elasticache/replicationGroup:ReplicationGroup', 'shop-sessions').inputs).toMatchObject({
      parameterGroupName: inputs.name,
      snapshotRetentionLimit: 7,
    });
  });

  test('without one is for applications that know only a host and a port', async () => {
    const inItsPlace = { ...sample.caches[0]?.inItsPlace, count: 1 } as (typeof sample.caches)[0]['inItsPlace'];
    const plain = await declaredOnAws({ blueprint: { caches: [{ name: 'sessions', inItsPlace }] } });
    const { inputs } = view(plain.declared).one('elasticache/replicationGroup:ReplicationGroup', 'shop-sessions');
    expect(inputs).toMatchObject({ transitEncryptionEnabled: false, automaticFailoverEnabled: false });
    expect(inputs).not.toHaveProperty('authToken');
    expect((await settled(plain.provisioned.facts['caches.sessions.scheme'] ?? '')).value).toBe('redis');
  });
});

describe('a balancer', () => {
  test('stands in both zones, speaks HTTPS with its certificate, and sends everybody there', () => {
    expect(aws.inputs('lb/loadBalancer:LoadBalancer', 'shop-front')).toMatchObject({
      ...{ internal: false, subnets: ['shop-0-id', 'shop-1-id'], securityGroups: ['shop-front-id'] },
      ...{
        dropInvalidHeaderFields: true,
        enableDeletionProtection: true,
        accessLogs: { enabled: true, prefix: 'front' },
      },
    });
    expect(aws.inputs('lb/listener:Listener', 'shop-front-https')).toMatchObject({
      ...{ port: 443, protocol: 'HTTPS', sslPolicy: 'ELBSecurityPolicy-TLS13-1-2-2021-06' },
      ...{ certificateArn: sample.balancers[0]?.certificate, defaultActions: [{ type: 'forward' }] },
    });
    expect(aws.inputs('lb/listener:Listener', 'shop-front-http')).toMatchObject({
      defaultActions: [{ type: 'redirect', redirect: { port: '443', protocol: 'HTTPS', statusCode: 'HTTP_301' } }],
    });
    expect(aws.waitsFor('lb/loadBalancer:LoadBalancer', 'shop-front')).toContain(
      'aws:s3/bucketPolicy:BucketPolicy shop-access-logs',
    );
  });

  test('asks its machines for their health, and keeps visitors where they were', () => {
    expect(aws.inputs('lb/targetGroup:TargetGroup', 'shop-front')).toMatchObject({
      ...{ port: 8080, protocol: 'HTTP', deregistrationDelay: 30 },
      healthCheck: { path: '/health', matcher: '200-299' },
      stickiness: { type: 'lb_cookie', enabled: true },
    });
  });

  test('gives a machine requests once it has its release, and no other machine', () => {
    const type = 'lb/targetGroupAttachment:TargetGroupAttachment';
    expect(aws.names(type).sort()).toEqual(['shop-web-0-in-front', 'shop-web-1-in-front']);
    expect(aws.inputs(type, 'shop-web-1-in-front')).toMatchObject({ targetId: 'i-shop-web-1', port: 8080 });
    expect(aws.waitsFor(type, 'shop-web-1-in-front')).toContain('test:index:Release shop-web-1');
  });

  test('gives it none any more before it is deleted: what names a machine goes first', () => {
    const type = 'lb/targetGroupAttachment:TargetGroupAttachment';
    expect(aws.waitsFor(type, 'shop-web-1-in-front')).toContain('aws:ec2/instance:Instance shop-web-1');
  });

  test('waits for the requests under way between the two, as long as the balancer gives them', () => {
    const type = 'lb/targetGroupAttachment:TargetGroupAttachment';
    const wait = declared.find(({ name }) => name === 'shop-web-1-from-front');
    expect(aws.waitsFor(type, 'shop-web-1-in-front')).toContain(`${wait?.type} ${wait?.name}`);
    const { deregistrationDelay: seconds } = aws.inputs('lb/targetGroup:TargetGroup', 'shop-front');
    expect(seconds).toBe(30);
    // Another machine at its place is another wait: what names the machine goes before it
    expect(wait?.inputs).toMatchObject({ triggers: ['i-shop-web-1'], interpreter: ['node', '-e'] });
    expect(wait?.inputs.delete).toContain(`setTimeout(() => {}, ${Number(seconds) * 1000})`);
  });

  test('is told by its name and by where it calls from', async () => {
    expect(await facts('balancers.front.address', 'balancers.front.networks')).toEqual([
      ...['shop-front.eu-west-2.elb.amazonaws.com', '10.64.0.0/21,10.64.8.0/21'],
    ]);
  });
});

describe('records and hours', () => {
  test('names of the zone are set, others are left to the outputs', () => {
    expect(aws.names('route53/record:Record').sort()).toEqual(['db.example.org', 'shop.example.org']);
    expect(aws.inputs('route53/record:Record', 'db.example.org')).toMatchObject({
      type: 'A',
      records: ['203.0.113.50'],
    });
    expect(aws.inputs('route53/record:Record', 'shop.example.org')).toMatchObject({
      ...{ type: 'A', zoneId: 'Z0123456789' },
      aliases: [
        { name: 'shop-front.eu-west-2.elb.amazonaws.com', zoneId: 'ZHURV8PSTC4K8', evaluateTargetHealth: false },
      ],
    });
  });

  test('without a zone none is set', async () => {
    const none = await declaredOnAws({ environment: { clouds: {} } });
    expect(view(none.declared).names('route53/record:Record')).toEqual([]);
  });

  test('machines with hours start and stop by the clock of their place, by a right over them alone', () => {
    const schedule = (action: string) => aws.inputs('scheduler/schedule:Schedule', `shop-office-${action}`);
    expect(schedule('start')).toMatchObject({
      ...{ scheduleExpression: 'cron(30 8 ? * MON,FRI *)', scheduleExpressionTimezone: 'Europe/Paris' },
      target: {
        arn: 'arn:aws:scheduler:::aws-sdk:ec2:startInstances',
        input: '{"InstanceIds":["i-shop-office-0","i-shop-office-1"]}',
      },
    });
    expect(schedule('stop')).toMatchObject({
      scheduleExpression: 'cron(5 19 ? * MON,FRI *)',
      target: { arn: 'arn:aws:scheduler:::aws-sdk:ec2:stopInstances' },
    });
    expect(aws.statements('iam/rolePolicy:RolePolicy', 'shop-office-hours')).toEqual([
      {
        ...{ Effect: 'Allow', Action: ['ec2:StartInstances', 'ec2:StopInstances'] },
        Resource: ['0', '1'].map((index) => `arn:aws:ec2:eu-west-2:123456789012:instance/i-shop-office-${index}`),
      },
    ]);
  });
});
