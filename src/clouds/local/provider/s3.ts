import { createHash, createHmac } from 'node:crypto';
import { httpStatus } from './http.ts';

export interface BucketAccess {
  /** URL such as `http://10.213.0.5:7070` */
  endpoint: string;
  region: string;
  bucket: string;
  accessKey: string;
  secretKey: string;
}

/** Creates a private bucket, unless it exists. Returns `false` while the server is not ready. */
export async function makeBucket(access: BucketAccess): Promise<boolean> {
  const url = `${access.endpoint}/${access.bucket}`;
  const status = await httpStatus(url, { method: 'PUT', headers: signed('PUT', url, access, new Date()) });
  return status === 200 || status === 409;
}

/** Returns the headers of a request without a body, signed for S3 (Signature Version 4) */
export function signed(method: string, url: string, access: BucketAccess, now: Date): Record<string, string> {
  const { host, pathname } = new URL(url);
  const time = now.toISOString().replace(/[-:]|\.\d+/g, '');
  const day = time.slice(0, 8);
  const scope = `${day}/${access.region}/s3/aws4_request`;
  const names = 'host;x-amz-content-sha256;x-amz-date';
  const headers = `host:${host}\nx-amz-content-sha256:${EMPTY}\nx-amz-date:${time}\n`;
  const request = [method, pathname, '', headers, names, EMPTY].join('\n');
  const text = ['AWS4-HMAC-SHA256', time, scope, sha256(request)].join('\n');
  const key = [day, access.region, 's3', 'aws4_request'].reduce<string | Buffer>(hmac, `AWS4${access.secretKey}`);
  const signature = hmac(key, text).toString('hex');
  return {
    'x-amz-date': time,
    'x-amz-content-sha256': EMPTY,
    authorization: `AWS4-HMAC-SHA256 Credential=${access.accessKey}/${scope}, SignedHeaders=${names}, Signature=${signature}`,
  };
}

const sha256 = (text: string) => createHash('sha256').update(text).digest('hex');
const hmac = (key: string | Buffer, text: string) => createHmac('sha256', key).update(text).digest();
const EMPTY = sha256('');
