import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from '../stack/samples.ts';
import { expectAsDeclared, expectDestroyed, expectNothingToDo } from './expectations.ts';
import { holdings, serversOf, volumesOf } from './holdings.ts';
import { type CloudStack, cloudStack } from './stack.ts';

describe('lostops on OpenStack: machines on a network of their own, data on volumes', () => {
  let made: CloudStack;
  let stack: Stack;

  beforeAll(async () => {
    made = await cloudStack('lostops');
    stack = made.of();
  });

  afterAll(() => made?.remove());

  test('a preview makes nothing', async () => {
    const { run } = await made.run('preview', stack);
    expect(run.code, run.output).toBe(0);
    expect(await holdings(made.tenant.api)).toEqual([]);
  });

  test("an up makes everything with a tenant's rights, and Neutron lets in what the matrix says", async () => {
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
    const disks = await volumesOf(made.tenant.api);
    const servers = await serversOf(made.tenant.api);
    expect(servers['lostops-database-0-test']?.volumes).toEqual([disks['lostops-database-0-test']?.id]);
  });

  test('a second up and a refresh change nothing', () => expectNothingToDo(made, stack));

  test('another size, a larger disk and one more network of operators are changes in place', async () => {
    const before = await serversOf(made.tenant.api);
    // The protection is lifted for what follows
    const larger = { app: { size: 'b2-15' }, database: { size: 'b2-7', volumeGb: 64 }, allowDestroy: true };
    stack = withOperators(made.of(larger), '100.64.1.0/24', '100.64.9.0/24');
    const { run, changed } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    expect(Object.values(changed)).not.toContain('replace');
    await expectAsDeclared(made, stack);
    const after = await serversOf(made.tenant.api);
    expect(after['lostops-app-0-test']).toEqual({ ...before['lostops-app-0-test'], size: 'b2-15' });
    expect((await volumesOf(made.tenant.api))['lostops-database-0-test']?.size).toBe(64);
  });

  test('a machine that is made anew keeps its address and its disk, with one network of operators less', async () => {
    const before = await serversOf(made.tenant.api);
    stack = withOperators(stack, '100.64.9.0/24');
    const machine = await made.urnOf('openstack:compute/instance:Instance', 'lostops-database-0');
    const { run } = await made.run('up', stack, '--replace', machine);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
    const after = await serversOf(made.tenant.api);
    const name = 'lostops-database-0-test';
    expect(after[name]?.id).not.toBe(before[name]?.id);
    expect(after[name]?.volumes).toEqual(before[name]?.volumes);
    await expectNothingToDo(made, stack);
  });

  test('a destroy is accepted in its order, and leaves nothing', async () => {
    await expectDestroyed(made, stack);
  });
});

const withOperators = ({ config, ...stack }: Stack, ...networks: string[]): Stack => {
  const operators = config['berth:operators'] as object;
  return { ...stack, config: { ...config, 'berth:operators': { ...operators, networks } } };
};
