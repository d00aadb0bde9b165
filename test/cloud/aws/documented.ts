import { isIPv4 } from 'node:net';

// What AWS's documentation says of an input and its models do not.

interface Limit {
  /** Types of resources, by the end of their token */
  of: RegExp;
  /** Path of the input; `*` is every entry of a list */
  at: string;
  allowed: string;
  holds(value: never): boolean;
  source: string;
}

const ec2 = 'https://docs.aws.amazon.com/AWSEC2/latest/APIReference/API_';
const elb = 'https://docs.aws.amazon.com/elasticloadbalancing/latest/APIReference/API_';

/** A network whose address has no bits beyond its length: the provider refuses others (verify.ValidateIPv4CIDRBlock) */
export function isNetwork(cidr: string): boolean {
  const [address = '', length = ''] = cidr.split('/');
  if (!isIPv4(address) || !/^\d+$/.test(length) || Number(length) > 32) return false;
  const bits = address.split('.').reduce((sum, part) => sum * 256 + Number(part), 0);
  return bits % 2 ** (32 - Number(length)) === 0;
}

const sized = (least: number, most: number) => (cidr: string) => {
  const length = Number(cidr.split('/')[1]);
  return isNetwork(cidr) && length >= least && length <= most;
};

const groupText = (text: string): boolean => /^[a-zA-Z0-9. _\-:/()#,@[\]+=&;{}!$*]{1,255}$/.test(text);
const balancerName = (name: string): boolean => /^(?!internal-)(?!-)[a-zA-Z0-9-]{1,32}(?<!-)$/.test(name);
const bytes = (text: string): number => Buffer.from(text).length;
const dense = (most: number) => (policy: string) => policy.replace(/\s/g, '').length <= most;

export const limits: readonly Limit[] = [
  {
    ...{ of: /Vpc$/, at: 'cidrBlock', allowed: 'a network of /16 to /28', holds: sized(16, 28) },
    source: `${ec2}CreateVpc.html`,
  },
  {
    ...{ of: /Subnet$/, at: 'cidrBlock', allowed: 'a network of /16 to /28', holds: sized(16, 28) },
    source: `${ec2}CreateSubnet.html`,
  },
  {
    ...{ of: /SubnetCidrReservation$/, at: 'cidrBlock', allowed: 'a network', holds: isNetwork },
    source: `${ec2}CreateSubnetCidrReservation.html`,
  },
  {
    ...{ of: /SecurityGroup(?:Ingress|Egress)Rule$/, at: 'cidrIpv4', allowed: 'a network', holds: isNetwork },
    source: `${ec2}IpRange.html`,
  },
  {
    ...{ of: /:SecurityGroup(?:(?:Ingress|Egress)Rule)?$/, at: 'description', holds: groupText },
    allowed: '255 of a-z, A-Z, 0-9, spaces and ._-:/()#,@[]+=&;{}!$*',
    source: `${ec2}CreateSecurityGroup.html`,
  },
  {
    ...{ of: /:SecurityGroup$/, at: 'name', allowed: 'the same, and not sg- at its beginning' },
    holds: (name: string) => groupText(name) && !name.startsWith('sg-'),
    source: `${ec2}CreateSecurityGroup.html`,
  },
  {
    ...{ of: /Instance$/, at: 'userData', allowed: '16 KB', holds: (text: string) => bytes(text) <= 16_384 },
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/instancedata-add-user-data.html',
  },
  {
    ...{ of: /Instance$/, at: 'rootBlockDevice.volumeSize', allowed: '8 GB, the size of the image, and more' },
    holds: (size: number) => size >= 8,
    source: 'https://wiki.debian.org/Cloud/AmazonEC2Image',
  },
  {
    ...{ of: /KeyPair$/, at: 'publicKey', allowed: 'a key of RSA or Ed25519' },
    holds: (key: string) => /^ssh-(?:rsa|ed25519) /.test(key),
    source: `${ec2}ImportKeyPair.html`,
  },
  {
    ...{ of: /VolumeAttachment$/, at: 'deviceName', allowed: '/dev/sdf to /dev/sdp' },
    holds: (name: string) => /^\/dev\/sd[f-p]$/.test(name),
    source: 'https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/device_naming.html',
  },
  {
    ...{ of: /ebs.*Volume$/, at: 'size', allowed: '1 to 65536 GB', holds: (gb: number) => gb >= 1 && gb <= 65_536 },
    source: `${ec2}CreateVolume.html`,
  },
  {
    ...{ of: /(?:LoadBalancer|TargetGroup)$/, at: 'name', holds: balancerName },
    allowed: '32 letters, digits and hyphens, none at an end, and not internal- at its beginning',
    source: `${elb}CreateLoadBalancer.html`,
  },
  {
    ...{ of: /LoadBalancer$/, at: 'subnets', allowed: 'subnets of two zones and more' },
    holds: (subnets: readonly string[]) => new Set(subnets).size >= 2,
    source: `${elb}CreateLoadBalancer.html`,
  },
  {
    ...{ of: /s3\/bucket:Bucket$/, at: 'bucket', allowed: '3 to 63 lower-case letters, digits and hyphens' },
    holds: (name: string) => /^(?!xn--|sthree-|amzn-s3-demo-)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/.test(name),
    source: 'https://docs.aws.amazon.com/AmazonS3/latest/userguide/bucketnamingrules.html',
  },
  {
    ...{ of: /UserPolicy$/, at: 'policy', allowed: '2048 characters without spaces', holds: dense(2048) },
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  },
  {
    ...{ of: /RolePolicy$/, at: 'policy', allowed: '10240 characters without spaces', holds: dense(10_240) },
    source: 'https://docs.aws.amazon.com/IAM/latest/UserGuide/reference_iam-quotas.html',
  },
  {
    ...{ of: /LogGroup$/, at: 'retentionInDays', allowed: 'one of 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365 …' },
    holds: (days: number) => [1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365].includes(days),
    source: 'https://docs.aws.amazon.com/AmazonCloudWatchLogs/latest/APIReference/API_PutRetentionPolicy.html',
  },
  {
    ...{ of: /kms.*Key$/, at: 'deletionWindowInDays', allowed: '7 to 30' },
    holds: (days: number) => days >= 7 && days <= 30,
    source: 'https://docs.aws.amazon.com/kms/latest/APIReference/API_ScheduleKeyDeletion.html',
  },
  {
    ...{
      of: /ReplicationGroup$/,
      at: 'replicationGroupId',
      allowed: 'a letter and 39 letters, digits and single hyphens',
    },
    holds: (id: string) => /^(?!.*--)[a-z](?:[a-z0-9-]{0,38}[a-z0-9])?$/.test(id),
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html',
  },
  {
    ...{ of: /ReplicationGroup$/, at: 'authToken', allowed: '16 to 128 characters, of punctuation !&#$^<>- alone' },
    holds: (token: string) => /^[A-Za-z0-9!&#$^<>-]{16,128}$/.test(token),
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/dg/auth.html',
  },
  {
    ...{ of: /ReplicationGroup$/, at: 'numCacheClusters', allowed: '1 to 6' },
    holds: (nodes: number) => nodes >= 1 && nodes <= 6,
    source: 'https://docs.aws.amazon.com/AmazonElastiCache/latest/APIReference/API_CreateReplicationGroup.html',
  },
  {
    ...{ of: /opensearch.*Domain$/, at: 'ebsOptions.volumeSize', allowed: '10 to 200 GB on a t3.small.search' },
    holds: (gb: number) => gb >= 10 && gb <= 200,
    source: 'https://docs.aws.amazon.com/opensearch-service/latest/developerguide/limits.html',
  },
  {
    ...{ of: /Schedule$/, at: 'scheduleExpression', allowed: 'cron(minutes hours day month weekday year)' },
    holds: (text: string) => /^cron\(\d+ \d+ \? \* (?:MON|TUE|WED|THU|FRI|SAT|SUN)(?:,[A-Z]{3})* \*\)$/.test(text),
    source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/schedule-types.html',
  },
  {
    ...{ of: /Schedule$/, at: 'target.arn', allowed: 'arn:aws:scheduler:::aws-sdk:service:operation' },
    holds: (arn: string) => /^arn:aws:scheduler:::aws-sdk:[a-z0-9]+:[a-z][A-Za-z]+$/.test(arn),
    source: 'https://docs.aws.amazon.com/scheduler/latest/UserGuide/managing-targets-universal.html',
  },
];

/** Every way in which inputs are not what AWS documents */
export const broken = (type: string, inputs: object): readonly string[] =>
  limits
    .filter(({ of }) => of.test(type))
    .flatMap(({ at, allowed, holds, source }) => {
      const value = at.split('.').reduce<unknown>((inner, key) => (inner as Record<string, unknown>)?.[key], inputs);
      if (value === undefined || holds(value as never)) return [];
      return [`${at} is ${JSON.stringify(value)}, allowed: ${allowed} (${source})`];
    });
