import {
  type Attributes,
  blocksIn,
  numberIn,
  type TerraformImport,
  type TerraformTable,
  textIn,
} from '../../model/terraform.ts';

/** What of AWS's resources is taken over from Terraform */
export const terraform: TerraformTable = {
  provider: 'aws',
  machines: {
    aws_instance: (machine) => {
      const [disk] = blocksIn(machine, 'root_block_device');
      const [tags] = blocksIn(machine, 'tags');
      return {
        name: tags && textIn(tags, 'Name'),
        size: textIn(machine, 'instance_type'),
        diskGb: disk && numberIn(disk, 'volume_size'),
        region: textIn(machine, 'availability_zone')?.replace(/[a-z]$/, ''),
        address: textIn(machine, 'public_ip'),
        privateAddress: textIn(machine, 'private_ip'),
      };
    },
  },
  imports: {
    aws_eip: {
      ...{ type: 'aws:ec2/eip:Eip', of: 'machine', needs: 'reserved' },
      id: (address) => textIn(address, 'allocation_id') ?? textIn(address, 'id'),
      flaw: (address) => (textIn(address, 'domain') === 'standard' ? 'it is one of EC2-Classic' : undefined),
    },
    aws_ebs_volume: {
      ...{ type: 'aws:ebs/volume:Volume', of: 'machine', ending: '-data', needs: 'volume' },
      flaw: ({ encrypted }) => (encrypted === true ? undefined : 'it is not encrypted, which needs a new disk'),
    },
    aws_vpc: {
      ...{ type: 'aws:ec2/vpc:Vpc', of: 'system' },
      range: (vpc) => textIn(vpc, 'cidr_block'),
      flaw: ({ id }, all) => inUse(id, all),
    },
    aws_internet_gateway: {
      ...{ type: 'aws:ec2/internetGateway:InternetGateway', of: 'system' },
      flaw: ({ vpc_id: vpc }, all) => inUse(vpc, all),
    },
    aws_s3_bucket: ofBucket('bucket:Bucket'),
    aws_s3_bucket_versioning: ofBucket('bucketVersioning:BucketVersioning'),
    aws_s3_bucket_public_access_block: ofBucket('bucketPublicAccessBlock:BucketPublicAccessBlock'),
    aws_s3_bucket_ownership_controls: ofBucket('bucketOwnershipControls:BucketOwnershipControls'),
    aws_s3_bucket_policy: ofBucket('bucketPolicy:BucketPolicy'),
    aws_s3_bucket_lifecycle_configuration: ofBucket('bucketLifecycleConfiguration:BucketLifecycleConfiguration'),
    aws_s3_bucket_server_side_encryption_configuration: ofBucket(
      'bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration',
    ),
  },
  links: ['aws_eip_association', 'aws_volume_attachment', 'aws_network_interface'],
  left: [
    [
      /^aws_(vpc_)?security_group/,
      'berth has a closed group for each role, and opens what the system needs (`berth matrix`)',
    ],
    [
      /^aws_(subnet|route|route_table|route_table_association|main_route_table_association)$/,
      'berth plans the addresses of its machines, and has two subnets of its own',
    ],
    [/^aws_key_pair$/, 'the stack has a deploy key of its own'],
    [/^aws_elasticache_/, 'berth has a replication group of Valkey; its contents are a cache'],
    [/^aws_(elb|lb|alb)/, 'berth has a balancer of its own, with HTTPS: move the name to it when it answers'],
    [/^aws_iam_/, 'berth has a user of its own for each bucket, with the rights for that alone'],
    [/^aws_route53_/, 'write dnsZone into the settings of the cloud, and delete the record before, or keep it'],
    [/^aws_(eip_association|volume_attachment)$/, 'berth attaches it to the machine that it makes'],
  ],
  variables: (region) => ({ AWS_REGION: region }),
};

/** Subnets of a network may not overlap, and berth's take the whole range */
const inUse = (vpc: unknown, all: readonly Attributes[]): string | undefined =>
  all.some((one) => one.vpc_id === vpc && textIn(one, 'cidr_block') !== undefined)
    ? 'its network has subnets, which those of berth would overlap: berth has a network of its own'
    : undefined;

/** A bucket, or what is set of it; both are imported by the name of the bucket */
function ofBucket(type: string): TerraformImport {
  const bucket: TerraformImport['bucket'] = (attributes) => textIn(attributes, 'bucket');
  return { type: `aws:s3/${type}`, of: 'bucket', bucket, id: bucket };
}
