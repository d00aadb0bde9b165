import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from '../stack/samples.ts';
import { expectAsDeclared, expectDestroyed, expectNothingToDo } from './expectations.ts';
import { type CloudStack, cloudStack } from './stack.ts';

describe('mad on OpenStack: a fleet behind a balancer of its own', () => {
  let made: CloudStack;
  let stack: Stack;

  beforeAll(async () => {
    made = await cloudStack('mad');
    stack = made.of();
  });

  afterAll(() => made?.remove());

  test('where the quota is met, the error says which, and what stands is completed once there is more', async () => {
    await made.tenant.allow('compute', { instances: 5, cores: 100, ram: 500_000 });
    const refused = await made.run('up', stack);
    expect(refused.run.code).not.toBe(0);
    expect(refused.run.output).toMatch(/Quota exceeded for instances: Requested 1, but already used \d of 5 instances/);
    await made.tenant.allow('compute', { instances: 20 });
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
    await expectNothingToDo(made, stack);
  });

  test('fewer machines are accepted, then a destroy, which leaves nothing', async () => {
    stack = made.of({ api: { count: 1, size: 'b2-7' }, web: { count: 1, size: 'b2-7' }, allowDestroy: true });
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
    await expectDestroyed(made, stack);
  });
});
