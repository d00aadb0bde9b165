import type { Cloud } from '../cloud.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { prepared } from './prepared.ts';
import { rehearsal } from './rehearsal.ts';
import { sizes } from './sizes.ts';

/**
 * Machines on this computer: containers that boot systemd and cloud-init, with real servers in place of a cloud's
 * services
 */
export const local: Cloud = {
  name: 'local',
  capabilities: {
    ...machinesOnly,
    onThisComputer: true,
    publishesPorts: true,
    bucketApis: ['s3'],
    failover: 'address',
    sizes,
  },
  prepared: {
    schema: prepared,
    missing: {
      message: 'is missing: machines on this computer need the local set-up',
      fix: 'run `npx berth local`, which writes it',
    },
  },
  problems: () => [],
  logins: {},
  standIns: ({ prepared }) => ({
    images: prepared?.local?.images ?? {},
    without: prepared?.local?.withoutStandIn ?? {},
  }),
  policies: [],
  rehearsal,
  words: { sizes: ['small'] },
  program: async () => (await import('./program.ts')).local,
};
