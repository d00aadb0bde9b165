import type { Environment } from '../src/model/environment.ts';

/** An environment with nothing of its own, for tests of what is in one */
export const environment: Environment = {
  name: 'preprod',
  operators: { networks: ['198.51.100.0/24'], sshPublicKeys: [] },
  systems: {},
  network: '10.64.0.0/20',
  authority: 'letsencrypt-staging',
  clouds: {},
};
