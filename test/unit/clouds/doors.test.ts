import { expect, test } from 'vitest';
import { ingressOf } from '../../../src/clouds/aws/rules.ts';
import { securityRules } from '../../../src/clouds/azure/rules.ts';
import { groupRules } from '../../../src/clouds/openstack/groupRules.ts';
import type { Rule, Source } from '../../../src/model/blueprint.ts';

const networks = ['198.51.100.0/24'];

/** The reasons that each cloud gives for what it opens */
const reasons = {
  openstack: (rules: readonly Rule[]) => groupRules({ rules }, networks).map(({ why }) => why),
  aws: (rules: readonly Rule[]) => ingressOf(rules, { networks, sshPublicKeys: [] }).map(({ why }) => why),
  azure: (rules: readonly Rule[]) =>
    securityRules(rules, networks, { web: 'web', api: 'api' })
      .filter(({ access }) => access === 'Allow')
      .map(({ description }) => description),
};

const sources: [string, Source][] = [
  ['the internet', 'internet'],
  ['the operators', 'operators'],
  ['a role', { role: 'web' }],
  ['networks', { networks: ['192.0.2.0/28'], name: 'office' }],
];

for (const [cloud, of] of Object.entries(reasons)) {
  test.each(sources)(`on ${cloud}, what several rules open to %s is open once, for all their reasons`, (_, from) => {
    const rule = (why: string, port = 3306): Rule => ({ from, to: 'api', port, protocol: 'tcp', why });
    expect(of([rule('orders'), rule('audits'), rule('mail', 25), rule('orders'), rule('audits')])).toEqual([
      'orders; audits',
      'mail',
    ]);
  });
}
