import type { Answers } from '../../policy/answers.ts';
import type { Rehearsal } from '../cloud.ts';
import type { LocalSettings } from './prepared.ts';

/** Outputs that the local cloud's provider would return for each type of resource */
const resources: Answers = {
  'berthlocal:index:SshKey': () => ({ publicKey: 'ssh-ed25519 AAAAC3Nz host', privateKey: 'host private half' }),
  'berthlocal:index:Authority': () => ({ certificate: 'the authority', privateKey: "the authority's private half" }),
  'berthlocal:index:Certificate': ({ comment }: { comment: string }) => ({
    ...{ certificate: `the certificate ${comment}`, privateKey: `the private half of ${comment}` },
  }),
  'berthlocal:index:Network': () => ({ subnet: '10.213.9.0/24', gateway: '10.213.9.1' }),
  'berthlocal:index:Bucket': ({ bucketName }: { bucketName: string }) => ({
    ...{ endpoint: 'http://10.213.9.4:7070', region: 'us-east-1', bucket: bucketName },
    ...{ accessKey: 'the-access-key', secretKey: 'the-secret-key' },
  }),
  'berthlocal:index:LogReceiver': () => ({
    ...{ scheme: 'http', host: '10.213.9.10', port: 9200, username: 'berth' },
    ...{ password: 'the-log-password', token: 'the-log-token' },
  }),
  'berthlocal:index:AcmeServer': () => ({
    directoryUrl: 'https://10.213.9.3:14000/dir',
    caCertificate: 'PEM',
    managementUrl: 'm',
  }),
};

/** Made-up result of the local cloud's set-up */
const prepared: LocalSettings = {
  machineImage: 'berth/machine:1',
  receivers: { registry: 'registry:1', objectStore: 'store:1', logReceiver: 'logs:1', acme: 'acme:1' },
  registryData: '/data',
  images: {},
};

export const rehearsal: Rehearsal = { credentials: {}, resources, functions: {}, prepared };
