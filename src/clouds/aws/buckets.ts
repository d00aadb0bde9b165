import { AccessKey } from '@pulumi/aws/iam/accessKey.js';
import { User } from '@pulumi/aws/iam/user.js';
import { UserPolicy } from '@pulumi/aws/iam/userPolicy.js';
import { Key } from '@pulumi/aws/kms/key.js';
import type { Bucket as S3Bucket } from '@pulumi/aws/s3/bucket.js';
import * as pulumi from '@pulumi/pulumi';
import type { Bucket } from '../../model/blueprint.ts';
import type { BucketFacts } from '../../model/facts.ts';
import { kept } from '../keep.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import { policy } from './policy.ts';
import type { Scope } from './scope.ts';
import type { Shared } from './shared.ts';
import { type PrivateBucket, privateBucket } from './storage.ts';

/**
 * Creates the bucket for access logs of buckets and balancers; `undefined` for a system that has neither. Encrypted
 * with S3's own key, the only one that balancers can write with.
 */
export function accessLog(scope: Scope): PrivateBucket | undefined {
  const { buckets, balancers } = scope.request.blueprint;
  if (buckets.length + balancers.length === 0) return undefined;
  const writes = (service: string) =>
    ({ Effect: 'Allow', Principal: { Service: service }, Action: 's3:PutObject' }) as const;
  return privateBucket(scope, {
    name: 'access-logs',
    keepDays: 90,
    allows: ({ arn }) => [
      {
        ...writes('logging.s3.amazonaws.com'),
        Resource: pulumi.interpolate`${arn}/*`,
        Condition: { StringEquals: { 'aws:SourceAccount': scope.account } },
      },
      {
        ...writes('logdelivery.elasticloadbalancing.amazonaws.com'),
        Resource: pulumi.interpolate`${arn}/*/AWSLogs/${scope.account}/*`,
      },
    ],
  });
}

/** Creates a bucket with an encryption key of its own, and an IAM user whose rights are limited to that bucket */
export function makeBucket(scope: Shared, { name }: Bucket): BucketFacts<Fact> {
  const { options, log } = scope;
  const logical = `${scope.system}-${name}`;
  const tags = scope.tags(logical);
  const key = new Key(
    logical,
    { description: `bucket ${name} of ${scope.system}`, enableKeyRotation: true, deletionWindowInDays: 30, tags },
    { ...options, ...kept(scope.request) },
  );
  const { bucket } = privateBucket(scope, { name, key: key.arn, ...(log && { log }) });
  const user = new User(logical, { name: scope.named(64, name), tags }, options);
  const rights = new UserPolicy(logical, { user: user.name, policy: useOf(bucket, key) }, options);
  const access = new AccessKey(logical, { user: user.name }, { ...options, dependsOn: [rights] });
  return {
    endpoint: plainFact(`https://s3.${scope.region}.amazonaws.com`),
    bucket: plainFact(bucket.bucket),
    region: plainFact(scope.region),
    accessKey: secretFact(access.id),
    secretKey: secretFact(access.secret),
  };
}

/** Policy that allows reading, writing and deleting objects, but not access to former versions */
const useOf = ({ arn }: S3Bucket, key: Key): pulumi.Output<string> =>
  policy(
    { Effect: 'Allow', Action: ['s3:ListBucket', 's3:GetBucketLocation'], Resource: arn },
    {
      Effect: 'Allow',
      Action: [
        ...['s3:GetObject', 's3:PutObject', 's3:DeleteObject'],
        ...['s3:AbortMultipartUpload', 's3:ListMultipartUploadParts'],
      ],
      Resource: pulumi.interpolate`${arn}/*`,
    },
    { Effect: 'Allow', Action: ['kms:GenerateDataKey', 'kms:Decrypt'], Resource: key.arn },
  );
