import { Bucket } from '@pulumi/aws/s3/bucket.js';
import { BucketLifecycleConfiguration } from '@pulumi/aws/s3/bucketLifecycleConfiguration.js';
import { BucketLogging } from '@pulumi/aws/s3/bucketLogging.js';
import { BucketOwnershipControls } from '@pulumi/aws/s3/bucketOwnershipControls.js';
import { BucketPolicy } from '@pulumi/aws/s3/bucketPolicy.js';
import { BucketPublicAccessBlock } from '@pulumi/aws/s3/bucketPublicAccessBlock.js';
import { BucketServerSideEncryptionConfiguration } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js';
import { BucketVersioning } from '@pulumi/aws/s3/bucketVersioning.js';
import * as pulumi from '@pulumi/pulumi';
import { shortHash } from '../../render/hash.ts';
import { kept } from '../keep.ts';
import { acceptedName } from './plan.ts';
import { policy, type Statement } from './policy.ts';
import type { Scope } from './scope.ts';

export interface PrivateBucketArgs {
  name: string;
  /** ARN of the KMS key that encrypts the bucket. @default S3's own key */
  key?: pulumi.Input<string>;
  /** Bucket that receives the access log. @default no access log */
  log?: PrivateBucket;
  /** Age in days after which objects are deleted. @default never */
  keepDays?: number;
  /** Further statements of the bucket's policy, besides the rights that users have by their own policies */
  allows?: (bucket: Bucket) => readonly Statement[];
}

export interface PrivateBucket {
  bucket: Bucket;
  policy: BucketPolicy;
}

/** Creates a private bucket that accepts TLS only. Overwritten and deleted objects are kept for 90 days. */
export function privateBucket(scope: Scope, args: PrivateBucketArgs): PrivateBucket {
  const { options, request } = scope;
  const name = `${scope.system}-${args.name}`;
  const bucket = new Bucket(
    name,
    {
      bucket: globalName(scope, args.name),
      // Once destroying is allowed, the bucket is deleted with its content
      forceDestroy: request.entry.allowDestroy,
      tags: scope.tags(name),
    },
    // An imported bucket keeps its name
    { ...options, ...kept(request), ignoreChanges: ['bucket'] },
  );
  const of = { bucket: bucket.id };
  const closed = new BucketPublicAccessBlock(
    name,
    { ...of, blockPublicAcls: true, blockPublicPolicy: true, ignorePublicAcls: true, restrictPublicBuckets: true },
    options,
  );
  new BucketOwnershipControls(name, { ...of, rule: { objectOwnership: 'BucketOwnerEnforced' } }, options);
  new BucketServerSideEncryptionConfiguration(name, { ...of, rules: [encryption(args.key)] }, options);
  const versions = new BucketVersioning(name, { ...of, versioningConfiguration: { status: 'Enabled' } }, options);
  new BucketLifecycleConfiguration(
    name,
    { ...of, rules: [leftovers, ...(args.keepDays === undefined ? [] : [expiry(args.keepDays)])] },
    { ...options, dependsOn: [versions] },
  );
  const rights = new BucketPolicy(
    name,
    { ...of, policy: policy(onlyOverTls(bucket), ...(args.allows?.(bucket) ?? [])) },
    { ...options, dependsOn: [closed] },
  );
  if (args.log) {
    const target = { targetBucket: args.log.bucket.id, targetPrefix: `${args.name}/` };
    new BucketLogging(name, { ...of, ...target }, { ...options, dependsOn: [args.log.policy] });
  }
  return { bucket, policy: rights };
}

/** Adds a hash of the account's number: bucket names are shared by all accounts */
const globalName = ({ account, system, request }: Scope, name: string): pulumi.Output<string> =>
  account.apply((id) => acceptedName([system, name, request.environment.name, shortHash(id, 6)], 63));

const encryption = (key: pulumi.Input<string> | undefined) =>
  key === undefined
    ? { applyServerSideEncryptionByDefault: { sseAlgorithm: 'AES256' } }
    : { applyServerSideEncryptionByDefault: { sseAlgorithm: 'aws:kms', kmsMasterKeyId: key }, bucketKeyEnabled: true };

const leftovers = {
  id: 'leftovers',
  status: 'Enabled',
  filter: {},
  noncurrentVersionExpiration: { noncurrentDays: 90 },
  abortIncompleteMultipartUpload: { daysAfterInitiation: 7 },
};

const expiry = (days: number) => ({ id: 'expiry', status: 'Enabled', filter: {}, expiration: { days } });

const onlyOverTls = ({ arn }: Bucket): Statement => ({
  Effect: 'Deny',
  Principal: '*',
  Action: 's3:*',
  Resource: [arn, pulumi.interpolate`${arn}/*`],
  Condition: { Bool: { 'aws:SecureTransport': 'false' } },
});
