import { keyPair } from '../keyPair.ts';

/** What every provider wants to log in with, none of it real */
export const credentials = {
  ...{ OS_AUTH_URL: 'https://auth.test/v3', OS_USERNAME: 'user', OS_PASSWORD: 'os-password', OS_PROJECT_ID: 'project' },
  ...{ OVH_CLIENT_ID: 'client', OVH_CLIENT_SECRET: 'ovh-secret' },
  ...{ ARM_SUBSCRIPTION_ID: 'subscription', ARM_TENANT_ID: 'tenant' },
  ...{ ARM_CLIENT_ID: 'client', ARM_CLIENT_SECRET: 'arm-secret' },
  ...{ AWS_ACCESS_KEY_ID: 'id', AWS_SECRET_ACCESS_KEY: 'aws-secret' },
} as const;

/** What the set-up of local machines writes beside a stack's own file */
export const localSettings = {
  machineImage: 'berth/machine:1',
  receivers: { registry: 'registry:1', objectStore: 'store:1', logReceiver: 'logs:1', acme: 'acme:1' },
  registryData: '/data',
  images: {},
};

/**
 * The text of a secret: long, with every kind of sign that a service may ask for; a deploy key is one that is read, and
 * users have a hash
 */
export function secretText(name: string): string {
  if (name === 'deployKey') return keyPair('made up').private;
  if (name.endsWith('Users')) return `ada:$2y$05$${'Hunter2.'.repeat(7).slice(0, 53)}`;
  return `Hunter2-${name.replace(/[^A-Za-z]/g, '-')}-0`;
}
