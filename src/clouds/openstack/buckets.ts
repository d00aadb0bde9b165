import { S3Credential } from '@ovhcloud/pulumi-ovh/cloudproject/s3credential.js';
import { S3Policy } from '@ovhcloud/pulumi-ovh/cloudproject/s3policy.js';
import { Storage } from '@ovhcloud/pulumi-ovh/cloudproject/storage.js';
import { User } from '@ovhcloud/pulumi-ovh/cloudproject/user.js';
import { Container } from '@pulumi/openstack/objectstorage/container.js';
import type { Bucket } from '../../model/blueprint.ts';
import type { BucketFacts } from '../../model/facts.ts';
import { kept } from '../keep.ts';
import { type Fact, plainFact, secretFact } from '../makers.ts';
import { type Scope, storageRegion } from './scope.ts';
import type { Shared } from './shared.ts';

/** Creates a bucket with the first API that its users speak and OpenStack has */
export const makeBucket = (shared: Shared, { name, apis }: Bucket): BucketFacts<Fact> =>
  apis.find((api) => api !== 'blob') === 'swift' ? swiftContainer(shared, name) : s3Bucket(shared, name);

/** Creates a private, versioned bucket with a user whose rights are limited to it */
function s3Bucket(scope: Shared, name: string): BucketFacts<Fact> {
  const region = storageRegion(scope.region);
  const { title, bucketName, user } = common(scope, name);
  const serviceName = scope.settings.project;
  const bucket = new Storage(
    title,
    {
      serviceName,
      regionName: region,
      name: bucketName,
      versioning: { status: 'enabled' },
      encryption: { sseAlgorithm: 'AES256' },
      // Without it, the state would contain the name of every object
      hideObjects: true,
      tags: scope.labels(),
    },
    // The labels contain berth's version; an upgrade must not touch a resource that holds data
    { ...scope.ovh(), ...kept(scope.request), ignoreChanges: ['tags'] },
  );
  const credential = new S3Credential(title, { serviceName, userId: user.id }, scope.ovh());
  new S3Policy(title, { serviceName, userId: user.id, policy: bucket.name.apply(policyOf) }, scope.ovh());
  return {
    // Source: OVHcloud documentation, "Object Storage: endpoints and geoavailability"
    endpoint: plainFact(`https://s3.${region.toLowerCase()}.io.cloud.ovh.net`),
    bucket: plainFact(bucket.name),
    region: plainFact(region.toLowerCase()),
    accessKey: secretFact(credential.accessKeyId),
    secretKey: secretFact(credential.secretAccessKey),
  };
}

/**
 * Creates a private, versioned container with a user of its own. Swift has no rights per container, so the user can
 * also access the project's other containers.
 */
function swiftContainer(scope: Shared, name: string): BucketFacts<Fact> {
  const region = storageRegion(scope.region);
  const { title, bucketName, user } = common(scope, name);
  const container = new Container(
    title,
    { name: bucketName, region, versioning: true, metadata: scope.labels() },
    // An imported container keeps its name
    { ...scope.openstack, ...kept(scope.request), ignoreChanges: ['name'] },
  );
  return {
    endpoint: plainFact('https://auth.cloud.ovh.net/v3'),
    bucket: plainFact(container.name),
    region: plainFact(region),
    username: plainFact(user.username),
    password: secretFact(user.password),
    project: plainFact(user.openstackRc.apply(({ OS_TENANT_NAME = '' }) => OS_TENANT_NAME)),
  };
}

function common(scope: Shared, name: string) {
  const title = `${scope.request.blueprint.system}-${name}`;
  const user = new User(
    title,
    { serviceName: scope.settings.project, description: scope.name([name]), roleNames: ['objectstore_operator'] },
    scope.ovh(),
  );
  return { title, bucketName: bucketNameOf(scope, name), user };
}

/** Returns a bucket's name, with a part of the project's id: names are shared by all projects of a region */
const bucketNameOf = (scope: Scope, name: string): string => scope.name([name, scope.settings.project.slice(0, 8)]);

/** Returns a policy that allows reading and writing in one bucket, but not deleting former versions */
const policyOf = (bucket: string): string =>
  JSON.stringify({
    Statement: [
      {
        Sid: 'ReadAndWrite',
        Effect: 'Allow',
        Action: [
          's3:GetObject',
          's3:PutObject',
          's3:DeleteObject',
          's3:ListBucket',
          's3:GetBucketLocation',
          's3:ListMultipartUploadParts',
          's3:ListBucketMultipartUploads',
          's3:AbortMultipartUpload',
        ],
        Resource: [`arn:aws:s3:::${bucket}`, `arn:aws:s3:::${bucket}/*`],
      },
    ],
  });
