import type { Answers } from '../../policy/answers.ts';
import type { Rehearsal } from '../cloud.ts';

/** Outputs that the providers of OpenStack and OVH would return for each type of resource */
const resources: Answers = {
  'openstack:networking/port:Port': ({ fixedIps }: { fixedIps?: { ipAddress: string }[] }, name) => ({
    allFixedIps: fixedIps?.map(({ ipAddress }) => ipAddress) ?? ['2001:db8::5', `203.0.113.${20 + lastNumber(name)}`],
  }),
  'openstack:networking/floatingIp:FloatingIp': (_, name) => ({ address: `203.0.113.${50 + lastNumber(name)}` }),
  'openstack:blockstorage/volume:Volume': () => ({ id: '6f1ed2a4-53a0-4c0e-9b5e-0d5f5f1c2a3b' }),
  'ovh:CloudProject/user:User': () => ({
    username: 'user-abc',
    password: 'the-swift-password',
    openstackRc: { OS_TENANT_NAME: '1234567890', OS_TENANT_ID: 'abcdef' },
  }),
  'ovh:CloudProject/s3Credential:S3Credential': () => ({
    accessKeyId: 'the-access-key',
    secretAccessKey: 'the-secret-key',
  }),
  'ovh:Dbaas/logsToken:LogsToken': () => ({ value: 'the-api-token' }),
  'ovh:Dbaas/logsOutputGraylogStream:LogsOutputGraylogStream': () => ({ writeToken: 'the-write-token' }),
};

/** Results that the functions of these providers would return */
const functions: Answers = {
  'openstack:images/getImage:getImage': () => ({ id: 'the-image' }),
  'openstack:compute/getFlavor:getFlavor': ({ name }: { name: string }) => ({ name, disk: name === 's1-2' ? 10 : 50 }),
  'openstack:networking/getNetwork:getNetwork': () => ({ id: 'the-public-network', subnets: ['six', 'old', 'new'] }),
  // No existing port has the adopted address
  'openstack:networking/getPortIds:getPortIds': () => ({ ids: [] }),
  'openstack:networking/getSubnet:getSubnet': ({ subnetId }: { subnetId: string }) => ({
    id: subnetId,
    cidr: { six: '2001:db8::/56', old: '198.51.100.0/24', new: '203.0.113.0/24' }[subnetId] ?? '',
  }),
  'ovh:Dbaas/getLogsCluster:getLogsCluster': () => ({ hostname: 'gra1.logs.ovh.com' }),
};

const lastNumber = (name: string): number => Number(/\d+$/.exec(name)?.[0] ?? 0);

export const rehearsal: Rehearsal = {
  credentials: {
    ...{
      OS_AUTH_URL: 'https://auth.test/v3',
      OS_USERNAME: 'user',
      OS_PASSWORD: 'os-password',
      OS_PROJECT_ID: 'project',
    },
    ...{ OVH_CLIENT_ID: 'client', OVH_CLIENT_SECRET: 'ovh-secret' },
  },
  resources,
  functions,
};
