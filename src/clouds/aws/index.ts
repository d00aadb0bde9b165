import { secretNameOf } from '../../model/names.ts';
import type { Cloud } from '../cloud.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { aws as credentials } from './logins.ts';
import { policies } from './policies.ts';
import { prices } from './prices.ts';
import { awsProblems } from './problems.ts';
import { rehearsal } from './rehearsal.ts';
import { settings } from './settings.ts';
import { terraform } from './terraform.ts';

/** Amazon Web Services: each system has its own network over two zones of its region */
export const aws: Cloud = {
  name: 'aws',
  capabilities: {
    ...machinesOnly,
    region: 'eu-west-2',
    regionForm: /^[a-z]{2}(?:-[a-z]+)+-\d{1,2}$/,
    makesNetworks: true,
    adoptsAddresses: true,
    bucketApis: ['s3'],
    schedules: true,
    caches: true,
    balancers: true,
    failover: 'service',
  },
  settings,
  problems: (blueprint, { systems }) => awsProblems(blueprint, systems[blueprint.system]?.region),
  secrets: ({ logStreams }) =>
    Object.fromEntries(
      logStreams.map(({ name }) => [
        secretNameOf(name, 'password'),
        `the password of log stream ${name}, which you choose: at least 8 characters, with an upper-case letter, a lower-case letter, ` +
          'a digit and a special character',
      ]),
    ),
  logins: { aws: credentials },
  network: ({ network }) => `network ${network}`,
  policies,
  prices,
  rehearsal,
  terraform,
  words: { providerSetting: 'aws:region' },
  program: async () => (await import('./program.ts')).aws,
};
