import fc from 'fast-check';
import { beforeAll, describe, expect, test } from 'vitest';
import type { Blueprint, Rule, Source } from '../../src/model/blueprint.ts';
import { declaredOnAws, sample, view } from './awsProgram.ts';
import type { Declared } from './recorded.ts';

let declared: readonly Declared[];
let aws: ReturnType<typeof view>;
beforeAll(async () => {
  ({ declared } = await declaredOnAws());
  aws = view(declared);
});

const ingress = 'vpc/securityGroupIngressRule:SecurityGroupIngressRule';
const egress = 'vpc/securityGroupEgressRule:SecurityGroupEgressRule';
const operators = ['192.0.2.0/24', '198.51.100.64/26'];

describe('security groups', () => {
  test('hold their rules beside them, never inside, and can be deleted in any order', () => {
    const groups = aws.typed('ec2/securityGroup:SecurityGroup');
    expect(groups.map(({ name }) => name).sort()).toEqual(
      ['app-logs', 'database', 'front', 'gate', 'office', 'sessions', 'web'].map((name) => `shop-${name}`),
    );
    for (const { inputs } of groups) {
      expect(inputs).not.toHaveProperty('ingress');
      expect(inputs).not.toHaveProperty('egress');
      expect(inputs).toMatchObject({ revokeRulesOnDelete: true, vpcId: 'shop-id' });
    }
    expect(aws.inputs('ec2/defaultSecurityGroup:DefaultSecurityGroup', 'shop')).toMatchObject({
      ingress: [],
      egress: [],
    });
  });

  test('say why a door is open, in the characters that AWS takes', () => {
    expect(aws.inputs(ingress, 'shop-front-tcp-443-from-internet')).toEqual({
      ...{ securityGroupId: 'shop-front-id', cidrIpv4: '0.0.0.0/0', ipProtocol: 'tcp', fromPort: 443, toPort: 443 },
      description: 'users open the shops pages',
    });
    expect(aws.inputs(ingress, 'shop-web-tcp-8080-from-front')).toMatchObject({
      ...{ securityGroupId: 'shop-web-id', referencedSecurityGroupId: 'shop-front-id' },
    });
  });

  test('let machines out to everybody, a balancer to its machines alone, a cache and a log stream to nobody', () => {
    const out = aws
      .typed(egress)
      .map(({ inputs }) => [inputs.securityGroupId, inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId]);
    expect(out.sort()).toEqual([
      ['shop-database-id', '0.0.0.0/0'],
      ['shop-front-id', 'shop-web-id'],
      ['shop-gate-id', '0.0.0.0/0'],
      ['shop-office-id', '0.0.0.0/0'],
      ['shop-web-id', '0.0.0.0/0'],
    ]);
    for (const { inputs } of aws.typed(egress)) expect(inputs.description).toMatch(/\w/);
  });

  test('for any list of rules let in what it says, nothing less and nothing more', async () => {
    const parties = ['web', 'gate', 'front'];
    const source: fc.Arbitrary<Source> = fc.oneof(
      fc.constant('internet' as const),
      fc.constant('operators' as const),
      fc.constantFrom(...parties).map((role) => ({ role })),
      fc.constant({ networks: ['203.0.113.0/24', '192.0.2.0/24'], name: 'gateway' }),
    );
    const rule: fc.Arbitrary<Rule> = fc.record({
      from: source,
      to: fc.constantFrom(...parties, 'sessions'),
      port: fc.constantFrom(22, 443),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      why: fc.constantFrom('one', 'two'),
    });
    const { web, gate } = sample.roles;
    const small: Partial<Blueprint> = {
      roles: { ...(web && { web: { ...web, count: 1, services: [] } }), ...(gate && { gate }) },
      ...{ buckets: [], logStreams: [], records: [] },
    };
    await fc.assert(
      fc.asyncProperty(fc.array(rule, { maxLength: 10 }), async (rules) => {
        const open = view((await declaredOnAws({ blueprint: { ...small, rules } })).declared).typed(ingress);
        const found = open.map(({ inputs }) => {
          const from = inputs.cidrIpv4 ?? inputs.referencedSecurityGroupId;
          expect(inputs.fromPort).toBe(inputs.toPort);
          return [inputs.securityGroupId, inputs.ipProtocol, inputs.fromPort, from].join(' ');
        });
        const listed = rules.flatMap(({ from, to, port, protocol }) =>
          peers(from).map((peer) => [`shop-${to}-id`, protocol, port, peer].join(' ')),
        );
        expect(found.sort()).toEqual([...new Set(listed)].sort());
      }),
      { numRuns: 8 },
    );
  });
});

function peers(from: Source): readonly string[] {
  if (from === 'internet') return ['0.0.0.0/0'];
  if (from === 'operators') return operators;
  return 'networks' in from ? from.networks : [`shop-${from.role}-id`];
}
