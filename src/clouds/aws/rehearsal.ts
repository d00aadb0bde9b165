import type { Answers } from '../../policy/answers.ts';
import type { Rehearsal } from '../cloud.ts';

const account = '123456789012';
const arn = (kind: string, name: string): string => `arn:aws:${kind}:eu-west-2:${account}:${name}`;

/** Outputs that the AWS provider would return for each type of resource */
const resources: Answers = {
  'aws:ec2/instance:Instance': (_, name) => ({
    id: `i-${name}`,
    arn: arn('ec2', `instance/i-${name}`),
    publicIp: `203.0.113.${20 + lastNumber(name)}`,
  }),
  'aws:ec2/eip:Eip': (_, name) => ({ id: `eipalloc-${name}`, publicIp: `203.0.113.${50 + lastNumber(name)}` }),
  'aws:ebs/volume:Volume': () => ({ id: 'vol-0123456789abcdef0' }),
  'aws:cloudwatch/logGroup:LogGroup': (_, name) => ({ arn: arn('logs', `log-group:${name}`) }),
  'aws:iam/role:Role': (_, name) => ({ arn: `arn:aws:iam::${account}:role/${name}` }),
  'aws:iam/accessKey:AccessKey': () => ({ id: 'the-access-key', secret: 'the-secret-key' }),
  'aws:kms/key:Key': (_, name) => ({ arn: arn('kms', `key/${name}`) }),
  'aws:s3/bucket:Bucket': ({ bucket }) => ({ id: bucket, arn: `arn:aws:s3:::${bucket}` }),
  'aws:opensearch/domain:Domain': ({ domainName }) => ({
    arn: arn('es', `domain/${domainName}`),
    endpoint: `vpc-${domainName}.eu-west-2.es.amazonaws.com`,
  }),
  'aws:elasticache/replicationGroup:ReplicationGroup': (_, name) => ({
    primaryEndpointAddress: `master.${name}.euw2.cache.amazonaws.com`,
  }),
  'aws:lb/loadBalancer:LoadBalancer': (_, name) => ({
    arn: arn('elasticloadbalancing', `loadbalancer/app/${name}`),
    dnsName: `${name}.eu-west-2.elb.amazonaws.com`,
    zoneId: 'ZHURV8PSTC4K8',
  }),
  'aws:lb/targetGroup:TargetGroup': (_, name) => ({ arn: arn('elasticloadbalancing', `targetgroup/${name}`) }),
};

/** Results that the functions of the AWS provider would return */
const functions: Answers = {
  'aws:index/getCallerIdentity:getCallerIdentity': () => ({ accountId: account }),
  'aws:index/getAvailabilityZones:getAvailabilityZones': () => ({ names: ['eu-west-2c', 'eu-west-2a', 'eu-west-2b'] }),
  'aws:ec2/getAmi:getAmi': () => ({ id: 'ami-debian13' }),
  'aws:ec2/getElasticIp:getElasticIp': ({ publicIp }) => ({ id: 'eipalloc-adopted', publicIp }),
  'aws:route53/getZone:getZone': () => ({ zoneId: 'Z0123456789' }),
};

const lastNumber = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

export const rehearsal: Rehearsal = {
  credentials: { AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'aws-secret' },
  resources,
  functions,
};
