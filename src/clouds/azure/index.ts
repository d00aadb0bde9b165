import type { Cloud } from '../cloud.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { labMachines } from './lab.ts';
import { azure as credentials } from './logins.ts';
import { policies } from './policies.ts';
import { prices } from './prices.ts';
import { azureProblems, zoneProblems } from './problems.ts';
import { rehearsal } from './rehearsal.ts';
import { settings } from './settings.ts';
import { terraform } from './terraform.ts';

/** Azure: virtual machines behind one network security group, storage accounts and event hubs, in one resource group */
export const azure: Cloud = {
  name: 'azure',
  capabilities: {
    ...machinesOnly,
    region: 'westeurope',
    makesNetworks: true,
    schedules: true,
    bucketApis: ['blob'],
  },
  settings,
  problems: (blueprint, { clouds }) => azureProblems(blueprint, clouds.azure),
  logins: { azure: credentials },
  network: ({ network }) => `network ${network}`,
  adoptedHours: {
    key: 'devTestLab',
    place: 'an Azure DevTest Lab',
    usedBy: (blueprint) => labMachines(blueprint).length > 0,
    problems: zoneProblems,
    program: async () => (await import('./labHours.ts')).keepLabHours,
  },
  policies,
  prices,
  rehearsal,
  terraform,
  words: {},
  program: async () => (await import('./program.ts')).azure,
};
