import { S3Credential } from '@ovhcloud/pulumi-ovh/cloudproject/s3credential.js';
import { S3Policy } from '@ovhcloud/pulumi-ovh/cloudproject/s3policy.js';
import { Storage } from '@ovhcloud/pulumi-ovh/cloudproject/storage.js';
import { User } from '@ovhcloud/pulumi-ovh/cloudproject/user.js';
import { Container } from '@pulumi/openstack/objectstorage/container.js';
import type { Bucket } from '../../model/blueprint.ts';
import type { BucketFacts } from '../../model/facts.ts';
import { kept } from '../keep.ts';
import { type Fact, plain, secret } from '../makers.ts';
import type { Shared } from './shared.ts';
import { type Site, storageRegion } from './site.ts';

/** Of the protocols that the bucket's users speak, the first that there is here */
export const makeBucket = (shared: Shared, { name, apis }: Bucket): BucketFacts<Fact> =>
  apis.find((api) => api !== 'blob') === 'swift' ? swiftContainer(shared, name) : s3Bucket(shared, name);

/** A private bucket that keeps former versions, with a user of its own who may use it and no other */
function s3Bucket(site: Shared, name: string): BucketFacts<Fact> {
  const region = storageRegion(site.region);
  const { title, bucketName, user } = common(site, name);
  const serviceName = site.settings.project;
  const bucket = new Storage(
    title,
    {
      serviceName,
      regionName: region,
      name: bucketName,
      versioning: { status: 'enabled' },
      encryption: { sseAlgorithm: 'AES256' },
      // Otherwise the state would hold the name of every object
      hideObjects: true,
      tags: site.labels(),
    },
    // Labels change with each version of berth, which is no reason to touch what holds data
    { ...site.ovh(), ...kept(site.request), ignoreChanges: ['tags'] },
  );
  const credential = new S3Credential(title, { serviceName, userId: user.id }, site.ovh());
  new S3Policy(title, { serviceName, userId: user.id, policy: bucket.name.apply(policyOf) }, site.ovh());
  return {
    // OVHcloud, Object Storage: endpoints and geoavailability
    endpoint: plain(`https://s3.${region.toLowerCase()}.io.cloud.ovh.net`),
    bucket: plain(bucket.name),
    region: plain(region.toLowerCase()),
    accessKey: secret(credential.accessKeyId),
    secretKey: secret(credential.secretAccessKey),
  };
}

/**
 * A private container that keeps former versions, with a user of its own; Swift knows no rights for one container, so
 * that the user reaches the project's others too
 */
function swiftContainer(site: Shared, name: string): BucketFacts<Fact> {
  const region = storageRegion(site.region);
  const { title, bucketName, user } = common(site, name);
  const container = new Container(
    title,
    { name: bucketName, region, versioning: true, metadata: site.labels() },
    { ...site.openstack, ...kept(site.request) },
  );
  return {
    endpoint: plain('https://auth.cloud.ovh.net/v3'),
    bucket: plain(container.name),
    region: plain(region),
    username: plain(user.username),
    password: secret(user.password),
    project: plain(user.openstackRc.apply(({ OS_TENANT_NAME = '' }) => OS_TENANT_NAME)),
  };
}

function common(site: Shared, name: string) {
  const title = `${site.request.blueprint.system}-${name}`;
  const user = new User(
    title,
    { serviceName: site.settings.project, description: site.name([name]), roleNames: ['objectstore_operator'] },
    site.ovh(),
  );
  return { title, bucketName: bucketNameOf(site, name), user };
}

/** A bucket's name is its region's: others' projects have names too */
const bucketNameOf = (site: Site, name: string): string => site.name([name, site.settings.project.slice(0, 8)]);

/** Reads and writes in one bucket; former versions are not its to delete */
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
