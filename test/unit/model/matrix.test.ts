import { expect, test } from 'vitest';
import type { Rule } from '../../../src/model/blueprint.ts';
import { reachability } from '../../../src/model/matrix.ts';
import { role, blueprint as shop } from '../render/fixtures.ts';

const blueprint = (rules: readonly Rule[]) => shop({ roles: { api: role({ count: 2 }), database: role() }, rules });

const operators = { networks: ['198.51.100.0/24'], sshPublicKeys: [] };
const rule = { port: 5432, protocol: 'tcp', why: 'the API reads and writes' } as const;

test('each rule is one row, with the machines of both sides', () => {
  expect(reachability(blueprint([{ ...rule, from: { role: 'api' }, to: 'database' }]), operators)).toEqual([
    {
      system: 'shop',
      from: { kind: 'role', role: 'api', machines: ['shop-api-0', 'shop-api-1'] },
      to: { role: 'database', machines: ['shop-database-0'] },
      port: 5432,
      protocol: 'tcp',
      why: 'the API reads and writes',
    },
  ]);
});

test('operators and named parties come with their networks', () => {
  const gateway = { name: 'gateway', networks: ['203.0.113.0/28'] };
  const rows = reachability(
    blueprint(['internet' as const, 'operators' as const, gateway].map((from) => ({ ...rule, from, to: 'api' }))),
    operators,
  );
  expect(rows.map(({ from }) => from)).toEqual([
    { kind: 'internet' },
    { kind: 'operators', networks: ['198.51.100.0/24'] },
    { kind: 'networks', ...gateway },
  ]);
});

test('a rule without its role is a defect that is named', () => {
  expect(() => reachability(blueprint([{ ...rule, from: 'internet', to: 'web' }]), operators)).toThrow(
    'a rule of system shop names role web; its roles are api, database',
  );
});
