import type { BucketArgs } from '@pulumi/aws/s3/bucket.js';
import type { BucketLifecycleConfigurationArgs } from '@pulumi/aws/s3/bucketLifecycleConfiguration.js';
import type { BucketLoggingArgs } from '@pulumi/aws/s3/bucketLogging.js';
import type { BucketOwnershipControlsArgs } from '@pulumi/aws/s3/bucketOwnershipControls.js';
import type { BucketPolicyArgs } from '@pulumi/aws/s3/bucketPolicy.js';
import type { BucketPublicAccessBlockArgs } from '@pulumi/aws/s3/bucketPublicAccessBlock.js';
import type { BucketServerSideEncryptionConfigurationArgs } from '@pulumi/aws/s3/bucketServerSideEncryptionConfiguration.js';
import type { BucketVersioningArgs } from '@pulumi/aws/s3/bucketVersioning.js';
import { region } from './account.ts';
import { sound } from './identity.ts';
import { camel, kind, only, pascal, tagList, tagsOf } from './kind.ts';

/** What the inputs and S3's API name differently in a lifecycle rule and in an encryption */
const toS3: Readonly<Record<string, string>> = {
  Id: 'ID',
  KmsMasterKeyId: 'KMSMasterKeyID',
  SseAlgorithm: 'SSEAlgorithm',
};
const fromS3: Readonly<Record<string, string>> = {
  iD: 'id',
  kMSMasterKeyID: 'kmsMasterKeyId',
  sSEAlgorithm: 'sseAlgorithm',
};

const spelled = <T>(value: T, words: Readonly<Record<string, string>>): T =>
  JSON.parse(JSON.stringify(value), (_, inner) =>
    typeof inner !== 'object' || inner === null || Array.isArray(inner)
      ? inner
      : Object.fromEntries(Object.entries(inner).map(([key, one]) => [words[key] ?? key, one])),
  ) as T;

export const buckets = {
  'aws:s3/bucket:Bucket': kind<BucketArgs>({
    own: ['forceDestroy'],
    async make(aws, { bucket }, tags) {
      const LocationConstraint = region;
      await aws.call('s3', 'CreateBucket', { Bucket: bucket, CreateBucketConfiguration: { LocationConstraint } });
      await aws.call('s3', 'PutBucketTagging', { Bucket: bucket, Tagging: { TagSet: tagList(tags) } });
      return { id: bucket, arn: `arn:aws:s3:::${bucket}` };
    },
    async read(aws, id) {
      await aws.call('s3', 'HeadBucket', { Bucket: id });
      const { TagSet } = await aws.call<{ TagSet: { Key: string; Value: string }[] }>('s3', 'GetBucketTagging', {
        Bucket: id,
      });
      return { bucket: id, tags: tagsOf(TagSet) };
    },
  }),
  'aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock': kind<BucketPublicAccessBlockArgs>({
    async make(aws, { bucket, ...closed }) {
      const PublicAccessBlockConfiguration = pascal(closed);
      await aws.call('s3', 'PutPublicAccessBlock', { Bucket: bucket, PublicAccessBlockConfiguration });
      return { id: bucket };
    },
    async read(aws, id) {
      const { PublicAccessBlockConfiguration } = await aws.call<{ PublicAccessBlockConfiguration: object }>(
        ...(['s3', 'GetPublicAccessBlock', { Bucket: id }] as const),
      );
      return { bucket: id, ...(camel(PublicAccessBlockConfiguration) as object) };
    },
  }),
  'aws:s3/bucketOwnershipControls:BucketOwnershipControls': kind<BucketOwnershipControlsArgs>({
    async make(aws, { bucket, rule }) {
      const OwnershipControls = { Rules: [pascal(rule)] };
      await aws.call('s3', 'PutBucketOwnershipControls', { Bucket: bucket, OwnershipControls });
      return { id: bucket };
    },
    async read(aws, id) {
      const { OwnershipControls } = await aws.call<{ OwnershipControls: { Rules: object[] } }>(
        ...(['s3', 'GetBucketOwnershipControls', { Bucket: id }] as const),
      );
      return { bucket: id, rule: camel(only(OwnershipControls.Rules, 'rule')) };
    },
  }),
  'aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration':
    kind<BucketServerSideEncryptionConfigurationArgs>({
      async make(aws, { bucket, rules }) {
        const ServerSideEncryptionConfiguration = { Rules: spelled(pascal(rules), toS3) };
        await aws.call('s3', 'PutBucketEncryption', { Bucket: bucket, ServerSideEncryptionConfiguration });
        return { id: bucket };
      },
      async read(aws, id, { rules }) {
        const { ServerSideEncryptionConfiguration: there } = await aws.call<{
          ServerSideEncryptionConfiguration: { Rules: { BucketKeyEnabled?: boolean }[] };
        }>('s3', 'GetBucketEncryption', { Bucket: id });
        const found = spelled(camel(there.Rules), fromS3) as { bucketKeyEnabled?: boolean }[];
        // S3 tells a bucket key that is off too
        const told = found.map(({ bucketKeyEnabled, ...rule }) => ({
          ...rule,
          ...(bucketKeyEnabled && { bucketKeyEnabled }),
        }));
        return { bucket: id, rules: rules.length === told.length ? told : found };
      },
    }),
  'aws:s3/bucketVersioning:BucketVersioning': kind<BucketVersioningArgs>({
    async make(aws, { bucket, versioningConfiguration }) {
      const VersioningConfiguration = pascal(versioningConfiguration);
      await aws.call('s3', 'PutBucketVersioning', { Bucket: bucket, VersioningConfiguration });
      return { id: bucket };
    },
    async read(aws, id) {
      const { Status } = await aws.call<{ Status: string }>('s3', 'GetBucketVersioning', { Bucket: id });
      return { bucket: id, versioningConfiguration: { status: Status } };
    },
  }),
  'aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration': kind<BucketLifecycleConfigurationArgs>({
    async make(aws, { bucket, rules }) {
      const LifecycleConfiguration = { Rules: spelled(pascal(rules), toS3) };
      await aws.call('s3', 'PutBucketLifecycleConfiguration', { Bucket: bucket, LifecycleConfiguration });
      return { id: bucket };
    },
    async read(aws, id) {
      const { Rules } = await aws.call<{ Rules: object[] }>('s3', 'GetBucketLifecycleConfiguration', { Bucket: id });
      return { bucket: id, rules: spelled(camel(Rules), fromS3) };
    },
  }),
  'aws:s3/bucketPolicy:BucketPolicy': kind<BucketPolicyArgs>({
    async make(aws, { bucket, policy }) {
      await aws.call('s3', 'PutBucketPolicy', { Bucket: bucket, Policy: await sound(aws, String(policy)) });
      return { id: bucket };
    },
    async read(aws, id) {
      return {
        bucket: id,
        policy: (await aws.call<{ Policy: string }>('s3', 'GetBucketPolicy', { Bucket: id })).Policy,
      };
    },
  }),
  'aws:s3/bucketLogging:BucketLogging': kind<BucketLoggingArgs>({
    async make(aws, { bucket, targetBucket, targetPrefix }) {
      const LoggingEnabled = { TargetBucket: targetBucket, TargetPrefix: targetPrefix };
      await aws.call('s3', 'PutBucketLogging', { Bucket: bucket, BucketLoggingStatus: { LoggingEnabled } });
      return { id: bucket };
    },
    async read(aws, id) {
      const { LoggingEnabled } = await aws.call<{ LoggingEnabled: { TargetBucket: string; TargetPrefix: string } }>(
        ...(['s3', 'GetBucketLogging', { Bucket: id }] as const),
      );
      return { bucket: id, targetBucket: LoggingEnabled.TargetBucket, targetPrefix: LoggingEnabled.TargetPrefix };
    },
  }),
};
