import { describe, expect, test } from 'vitest';
import { declaredOnAws, view } from './awsProgram.ts';

const { declared } = await declaredOnAws();
const aws = view(declared);

const ingress = 'SecurityGroupIngressRule';
const egress = 'SecurityGroupEgressRule';

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
    expect(aws.inputs(ingress, 'shop-sessions-tcp-6379-from-web')).toMatchObject({
      ...{ securityGroupId: 'shop-sessions-id', referencedSecurityGroupId: 'shop-web-id' },
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
});
