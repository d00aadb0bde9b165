import type { Cloud } from '../cloud.ts';
import { givenSecrets } from '../given/checks.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { problems } from './problems.ts';
import { settings } from './settings.ts';

/** Existing machines, adopted over SSH. Berth creates and deletes nothing in this cloud. */
export const existing: Cloud = {
  name: 'existing',
  capabilities: { ...machinesOnly, makesMachines: false, bucketApis: ['s3'] },
  settings,
  problems,
  secrets: (blueprint, { clouds }) => givenSecrets(blueprint, clouds.existing),
  logins: {},
  policies: [],
  rehearsal: { credentials: {}, resources: {}, functions: {} },
  words: {},
  program: async () => (await import('./program.ts')).existing,
};
