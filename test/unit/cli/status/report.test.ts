import { expect, test } from 'vitest';
import { recordStatus } from '../../../../src/cli/status/report.ts';
import { statusTable } from '../../../../src/cli/status/reportTable.ts';

const dns = async (_: unknown, family: 4 | 6): Promise<readonly string[]> =>
  family === 4 ? ['203.0.113.5'] : ['2001:db8::7'];

const record = { name: 'shop.example.org', type: 'A', value: '203.0.113.5' };

test('an AAAA record that was left behind is named, where a machine has no such address', async () => {
  const status = await recordStatus(record, 'aws', dns);
  expect(status).toEqual({ ...record, resolves: ['203.0.113.5'], elsewhere: ['2001:db8::7'] });
  const told = statusTable({
    ...{ stack: 'prod', healthy: true },
    systems: {
      shop: {
        ...{ healthy: true, cloud: 'aws', url: 'https://shop.example.org', problems: [], machines: {} },
        ...{ version: { declared: '1', answers: '1' }, records: [status] },
      },
    },
  });
  expect(told).toContain('WRONG: an AAAA record leads to 2001:db8::7, which is none of its machines: remove it');
});

test("a balancer's own name and a local one may have addresses of both kinds", async () => {
  expect(await recordStatus({ ...record, type: 'CNAME' }, 'aws', dns)).not.toHaveProperty('elsewhere');
  expect(await recordStatus(record, 'local', dns)).not.toHaveProperty('elsewhere');
});
