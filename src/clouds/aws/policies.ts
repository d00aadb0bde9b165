import {
  at,
  covers,
  has,
  isEverybody,
  listAt,
  loginPorts,
  openEgress,
  type PlannedResource,
  type Policy,
  publicAddress,
} from '../../policy/policy.ts';

const ingress = 'aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const egress = 'aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const group = 'aws:ec2/securityGroup:SecurityGroup';
const instance = 'aws:ec2/instance:Instance';
const bucket = 'aws:s3/bucket:Bucket';

const everybody = ({ inputs }: PlannedResource): boolean =>
  isEverybody(at(inputs, 'cidrIpv4')) || isEverybody(at(inputs, 'cidrIpv6'));
const described = ({ inputs }: PlannedResource): boolean =>
  ![undefined, '', 'Managed by Pulumi', 'Managed by Terraform'].includes(at(inputs, 'description') as string);

/** Returns the separate resource that configures a given bucket or network, if there is one */
const beside = (
  resource: PlannedResource,
  all: readonly PlannedResource[],
  type: string,
  ...path: string[]
): PlannedResource | undefined =>
  all.find((other) => {
    const named = other.type === type ? at(other.inputs, ...path) : undefined;
    return named !== undefined && [resource.id, at(resource.inputs, 'bucket')].includes(named);
  });

/** Returns whether a bucket receives the access logs of other resources */
const isLog = (resource: PlannedResource, all: readonly PlannedResource[]): boolean =>
  beside(resource, all, 'aws:s3/bucketLogging:BucketLogging', 'targetBucket') !== undefined ||
  beside(resource, all, 'aws:lb/loadBalancer:LoadBalancer', 'accessLogs', 'bucket') !== undefined;

const publicAccess = (ids: Policy['ids'], what: string, key: string): Policy => ({
  ids,
  what,
  type: bucket,
  holds: (resource, all) =>
    at(beside(resource, all, 'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock', 'bucket')?.inputs, key) === true,
});

const encryptionOf = (resource: PlannedResource, all: readonly PlannedResource[]): unknown =>
  at(
    beside(
      resource,
      all,
      'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
      'bucket',
    )?.inputs,
    'rules',
    0,
    'applyServerSideEncryptionByDefault',
    'sseAlgorithm',
  );

/** Checks of common scanners for networks and machines of AWS */
const machines: readonly Policy[] = [
  {
    ids: ['AWS-0107', 'CKV_AWS_24', 'CKV_AWS_25'],
    what: 'SSH and RDP are not open to everybody',
    type: ingress,
    holds: (resource) =>
      !everybody(resource) || !covers(at(resource.inputs, 'fromPort'), at(resource.inputs, 'toPort'), loginPorts),
  },
  {
    ids: ['AWS-0104', 'CKV_AWS_382'],
    what: 'a security group allows egress only to named networks',
    type: egress,
    holds: (resource) => !everybody(resource),
    except: { why: openEgress },
  },
  { ids: ['AWS-0099', 'CKV_AWS_23'], what: 'a security group says what it is for', type: group, holds: described },
  { ids: ['AWS-0124', 'CKV_AWS_23'], what: 'a rule says why it is there', type: ingress, holds: described },
  { ids: ['AWS-0124', 'CKV_AWS_23'], what: 'a rule says why it is there', type: egress, holds: described },
  {
    // Inline rules and separate rules overwrite each other (pulumi/pulumi-eks#1031)
    ids: ['berth-separate-rules'],
    what: 'the rules of a security group are separate resources',
    type: group,
    holds: ({ inputs }) => listAt(inputs, 'ingress').length === 0 && listAt(inputs, 'egress').length === 0,
  },
  {
    ids: ['AWS-0028', 'AWS-0130', 'CKV_AWS_79'],
    what: 'the metadata service requires a token and answers only the machine',
    type: instance,
    holds: ({ inputs }) =>
      at(inputs, 'metadataOptions', 'httpTokens') === 'required' &&
      Number(at(inputs, 'metadataOptions', 'httpPutResponseHopLimit')) === 1,
  },
  {
    ids: ['AWS-0131', 'AWS-0008', 'CKV_AWS_8'],
    what: 'the disk of a machine is encrypted',
    type: instance,
    holds: has(true, 'rootBlockDevice', 'encrypted'),
  },
  {
    ids: ['AWS-0026', 'CKV_AWS_3'],
    what: 'a volume is encrypted',
    type: 'aws:ebs/volume:Volume',
    holds: has(true, 'encrypted'),
  },
  {
    ids: ['AWS-0029', 'CKV_AWS_46'],
    what: 'user data contains no key of the account',
    type: instance,
    holds: ({ inputs }) =>
      !/\b(AKIA|ASIA)[A-Z0-9]{16}\b|aws_secret_access_key/i.test(String(at(inputs, 'userData') ?? '')),
  },
  {
    ids: ['AWS-0009', 'CKV_AWS_88'],
    what: 'a machine has no public address',
    type: instance,
    holds: ({ inputs }) => at(inputs, 'associatePublicIpAddress') !== true,
    except: { why: publicAddress },
  },
  {
    ids: ['AWS-0164', 'CKV_AWS_130'],
    what: 'a subnet gives no machine a public address by itself',
    type: 'aws:ec2/subnet:Subnet',
    holds: ({ inputs }) => at(inputs, 'mapPublicIpOnLaunch') !== true,
  },
  {
    ids: ['AWS-0101', 'CKV_AWS_148'],
    what: "the account's default network is not used",
    type: 'aws:ec2/defaultVpc:DefaultVpc',
    holds: () => false,
  },
  {
    ids: ['AWS-0178', 'CKV2_AWS_11'],
    what: 'a network keeps flow logs',
    type: 'aws:ec2/vpc:Vpc',
    holds: (resource, all) => beside(resource, all, 'aws:ec2/flowLog:FlowLog', 'vpcId') !== undefined,
  },
  {
    ids: ['AWS-0344', 'CKV_AWS_386'],
    what: 'an image is looked up from a named publisher',
    type: 'aws:ec2/getAmi:getAmi',
    holds: ({ inputs }) => {
      const owners = listAt(inputs, 'owners');
      return owners.length > 0 && owners.every((owner) => /^\d{12}$|^(self|amazon)$/.test(String(owner)));
    },
  },
];

/** Checks of common scanners for S3 */
const buckets: readonly Policy[] = [
  publicAccess(['AWS-0086', 'AWS-0094', 'CKV_AWS_53'], 'public ACLs are refused', 'blockPublicAcls'),
  publicAccess(['AWS-0087', 'CKV_AWS_54'], 'public policies are refused', 'blockPublicPolicy'),
  publicAccess(['AWS-0091', 'CKV_AWS_55'], 'public ACLs are ignored', 'ignorePublicAcls'),
  publicAccess(['AWS-0093', 'CKV_AWS_56'], 'a public policy gives no access to others', 'restrictPublicBuckets'),
  {
    ids: ['AWS-0092', 'CKV_AWS_20'],
    what: 'a bucket has no public ACL',
    type: 'aws:s3/bucketAcl:BucketAcl',
    holds: ({ inputs }) => !/^(public|authenticated)/.test(String(at(inputs, 'acl') ?? '')),
  },
  {
    ids: ['AWS-0088', 'CKV_AWS_19'],
    what: 'a bucket is encrypted',
    type: bucket,
    holds: (resource, all) => encryptionOf(resource, all) !== undefined,
  },
  {
    ids: ['AWS-0132', 'CKV_AWS_145'],
    what: 'a bucket is encrypted with a customer-managed key',
    type: bucket,
    holds: (resource, all) => encryptionOf(resource, all) === 'aws:kms',
    except: { why: 'with S3-managed keys: a customer-managed key would be accessible to the same administrators' },
  },
  {
    ids: ['AWS-0090', 'CKV_AWS_21'],
    what: 'a bucket has versioning',
    type: bucket,
    holds: (resource, all) =>
      at(
        beside(resource, all, 'aws:s3/bucketVersioning:BucketVersioning', 'bucket')?.inputs,
        'versioningConfiguration',
        'status',
      ) === 'Enabled',
  },
  {
    ids: ['AWS-0089', 'CKV_AWS_18'],
    what: 'access to a bucket is logged',
    type: bucket,
    holds: (resource, all) => beside(resource, all, 'aws:s3/bucketLogging:BucketLogging', 'bucket') !== undefined,
    except: {
      why: 'it is the access log itself',
      when: isLog,
    },
  },
];

/** Checks of common scanners for AWS */
export const policies: readonly Policy[] = [...machines, ...buckets];
