import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { withCount } from '../../../src/cli/scale/change.ts';
import { planText } from '../../../src/cli/scale/plan.ts';
import { berthHere, checkout, put, temporaryFolder } from './berth.ts';

const preprod = readFileSync(join(checkout, 'Pulumi.preprod.yaml'), 'utf8');
const wanted = { stack: 'preprod', source: 'Pulumi.preprod.yaml', system: 'mad', role: 'api', count: 5 };

test('only the number changes; comments and form stay', () => {
  const { text, former, loaded } = withCount(preprod, wanted);
  expect(former).toBe(2);
  expect(text).toBe(preprod.replace('api: { count: 2, size', 'api: { count: 5, size'));
  expect(loaded.blueprints.find(({ system }) => system === 'mad')?.roles.api?.count).toBe(5);
});

test('a role that has said no number gets one', () => {
  const without = preprod.replace('api: { count: 2, size: t3.micro }', 'api: { size: t3.micro }');
  const flow = withCount(without, wanted);
  expect(flow).toMatchObject({
    former: 1,
    text: without.replace('api: { size: t3.micro }', 'api: { size: t3.micro, count: 5 }'),
  });
  const block = preprod.replace(
    'api: { count: 2, size: t3.micro }',
    'api: # of the API\n        size: t3.micro # small',
  );
  expect(withCount(block, wanted).text).toBe(
    block.replace('size: t3.micro # small', 'size: t3.micro # small\n        count: 5'),
  );
});

test.each([
  [{ system: 'madd' }, 'Pulumi.preprod.yaml has no system "madd": it has basegun, lostops, mad, catalogage'],
  [{ role: 'apis' }, 'mad has no role "apis": it has api, '],
  [{ role: 'balancer' }, 'berth:systems.mad.balancer.count'],
  [{ count: 17 }, 'berth:systems.mad.api.count'],
  [{ system: 'catalogage', role: 'web' }, 'add one or remove one at berth:systems.catalogage.web.hosts'],
])('%j is refused', (own, message) => {
  expect(() => withCount(preprod, { ...wanted, ...own })).toThrow(message);
});

test('nothing is written where there is nobody to ask, and nothing is done where the number is there already', async () => {
  const folder = temporaryFolder();
  put(folder, 'Pulumi.yaml', 'name: berth\n');
  put(folder, 'Pulumi.preprod.yaml', preprod);
  const scale = (count: string) => berthHere(['scale', 'preprod', 'mad/api', count], folder);
  expect(await scale('5')).toEqual({ code: 1, stdout: '', stderr: 'there is no terminal to ask at: add --yes\n' });
  expect(await scale('2')).toMatchObject({ code: 0, stdout: expect.stringContaining('mad/api has 2 machines in') });
  expect(await scale('many')).toMatchObject({ code: 2 });
  expect(readFileSync(join(folder, 'Pulumi.preprod.yaml'), 'utf8')).toBe(preprod);
});

test('what is asked about names what goes, and what comes', () => {
  const step = { type: 'machine', properties: [] };
  const plan = {
    ...{ unchanged: 3, problems: [] },
    steps: [
      { ...step, operation: 'delete' as const, name: 'mad-api-2' },
      { ...step, operation: 'update' as const, name: 'mad-balancer-0-release' },
    ],
  };
  expect(planText(plan)).toBe('1 to delete, 1 to update\n  delete: mad-api-2\n  change: mad-balancer-0-release');
});
