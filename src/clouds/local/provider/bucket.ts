import { z } from 'zod';
import { placed } from './inputs.ts';
import { randomText } from './random.ts';
import { receiver } from './receiver.ts';
import { makeBucket } from './s3.ts';

const REGION = 'us-east-1';

/** Private bucket on a separate S3 server (versitygw), with one key */
export const bucket = receiver({
  inputs: z.strictObject({
    ...placed,
    bucketName: z.string().regex(/^[a-z0-9][a-z0-9-]{1,61}[a-z0-9]$/, '3 to 63 lower-case letters, digits and "-"'),
  }),
  replaceOn: ['name', 'bucketName'],
  facts: {
    endpoint: ({ address }) => endpointOf(address),
    region: () => REGION,
    bucket: ({ bucketName }) => bucketName,
  },
  secrets: { accessKey: () => randomText(20), secretKey: () => randomText(40) },
  environment: (_inputs, { accessKey = '', secretKey = '' }) => ({
    ROOT_ACCESS_KEY: accessKey,
    ROOT_SECRET_KEY: secretKey,
  }),
  data: { folder: '/data' },
  ready: async ({ address, bucketName }, { accessKey = '', secretKey = '' }) => {
    const access = { endpoint: endpointOf(address), region: REGION, bucket: bucketName, accessKey, secretKey };
    return (await makeBucket(access)) ? {} : undefined;
  },
});

const endpointOf = (address: string) => `http://${address}:7070`;
