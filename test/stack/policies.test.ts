import { expect, test } from 'vitest';
import { findings, type PlannedResource } from '../../src/policy/policy.ts';
import { declaredOnAws } from './awsProgram.ts';
import { onAzure } from './azureProgram.ts';
import { provisioned } from './openstackSystem.ts';
import { policies } from './samples.ts';

// The four systems use only a part of what clouds can give: these samples use all of it

/** What scanners would show, by the rule's first id; the meant ones once */
const shown = (all: readonly PlannedResource[]) => {
  const found = findings(all, policies);
  const ids = (meant: boolean) => found.filter(({ why }) => (why !== undefined) === meant).map(({ ids }) => ids[0]);
  return { violations: ids(false), meant: [...new Set(ids(true))].sort() };
};

test('on openstack, what scanners show is meant', async () => {
  const { declared } = await provisioned();
  expect(shown(declared)).toEqual({ violations: [], meant: ['OPNSTK-0003', 'OPNSTK-0004'] });
});

test('on azure, what scanners show is meant', async () => {
  const { declared } = await onAzure();
  expect(shown(declared)).toEqual({ violations: [], meant: ['AZU-0047', 'AZU-0076'] });
});

test('on aws, what scanners show is meant', async () => {
  const { declared } = await declaredOnAws();
  expect(shown(declared)).toEqual({
    violations: [],
    meant: ['AWS-0009', 'AWS-0089', 'AWS-0104', 'AWS-0132'],
  });
});
