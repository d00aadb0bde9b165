import { S3Credential } from '@ovhcloud/pulumi-ovh/cloudproject/s3credential.js';
import { S3Policy } from '@ovhcloud/pulumi-ovh/cloudproject/s3policy.js';
import { Storage } from '@ovhcloud/pulumi-ovh/cloudproject/storage.js';
import { User } from '@ovhcloud/pulumi-ovh/cloudproject/user.js';
import { Container } from '@pulumi/openstack/objectstorage/container.js';
import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from '../cloud.ts';
import { kept } from '../keep.ts';
import { type Site, storageRegion } from './site.ts';

/** Facts of one part of a system by their last word, with those that are secret */
export interface PartFacts {
  facts: Readonly<Record<string, pulumi.Input<string>>>;
  secrets: readonly string[];
}

/** A private bucket that keeps former versions, with a user of its own who may use it and no other */
export function s3Bucket(request: ProvisionRequest, site: Site, name: string): PartFacts {
  const region = storageRegion(site.region);
  const { title, bucketName, user } = common(request, site, name);
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
    { ...site.ovh(), ...kept(request), ignoreChanges: ['tags'] },
  );
  const credential = new S3Credential(title, { serviceName, userId: user.id }, site.ovh());
  new S3Policy(title, { serviceName, userId: user.id, policy: bucket.name.apply(policyOf) }, site.ovh());
  return {
    facts: {
      // OVHcloud, Object Storage: endpoints and geoavailability
      endpoint: `https://s3.${region.toLowerCase()}.io.cloud.ovh.net`,
      bucket: bucket.name,
      region: region.toLowerCase(),
      accessKey: credential.accessKeyId,
      secretKey: credential.secretAccessKey,
    },
    secrets: ['accessKey', 'secretKey'],
  };
}

/**
 * A private container that keeps former versions, with a user of its own; Swift knows no rights for one container, so
 * that the user reaches the project's others too
 */
export function swiftContainer(request: ProvisionRequest, site: Site, name: string): PartFacts {
  const region = storageRegion(site.region);
  const { title, bucketName, user } = common(request, site, name);
  const container = new Container(
    title,
    { name: bucketName, region, versioning: true, metadata: site.labels() },
    { ...site.openstack, ...kept(request) },
  );
  return {
    facts: {
      endpoint: 'https://auth.cloud.ovh.net/v3',
      bucket: container.name,
      region,
      username: user.username,
      password: user.password,
      project: user.openstackRc.apply(({ OS_TENANT_NAME = '' }) => OS_TENANT_NAME),
    },
    secrets: ['password'],
  };
}

function common({ blueprint }: ProvisionRequest, site: Site, name: string) {
  const title = `${blueprint.system}-${name}`;
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
