import { pathText } from '../../config/path.ts';
import { isPrivateAddress } from '../../config/privateRange.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import type { Problem } from '../../model/problem.ts';
import { clearFix, clearText, linksInClear } from '../clear.ts';
import { notGiven } from '../given/checks.ts';

/** Returns buckets and log streams that the settings lack, and unencrypted traffic over public addresses */
export const problems = (blueprint: Blueprint, environment: Environment): readonly Problem[] => [
  ...notGiven('existing', blueprint, environment.clouds.existing),
  ...overPublicAddresses(blueprint, environment),
];

function overPublicAddresses(blueprint: Blueprint, environment: Environment): readonly Problem[] {
  const { system, roles } = blueprint;
  const between = linksInClear(blueprint, environment);
  return Object.entries(roles).flatMap(([role, { option, hosts = [] }]) => {
    const own = between.filter(({ from, to }) => from.role === role || to === role);
    if (own.length === 0) return [];
    return hosts.flatMap(({ address, privateAddress }, index) =>
      isPrivateAddress(privateAddress ?? address)
        ? []
        : [
            {
              path: pathText(['berth:systems', system, option, 'hosts', index, 'privateAddress']),
              ...(privateAddress === undefined
                ? {
                    message: `is missing, and ${address} is public; this traffic would be unencrypted: ${clearText(own)}`,
                  }
                : {
                    value: `\`${privateAddress}\``,
                    message: `is public; this traffic would be unencrypted: ${clearText(own)}`,
                  }),
              allowed: 'an address of 10.0.0.0/8, 172.16.0.0/12, 192.168.0.0/16 or 100.64.0.0/10',
              fix: clearFix(system, 'give its address in the private network'),
            },
          ],
    );
  });
}
