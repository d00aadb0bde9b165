import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import type { Stack } from '../stack/samples.ts';
import { expectAsDeclared, expectDestroyed, expectNothingToDo } from './expectations.ts';
import { floatingAddress } from './reserved.ts';
import { type CloudStack, cloudStack } from './stack.ts';

describe('catalogage on OpenStack: from the public network to a private one', () => {
  let made: CloudStack;
  let stack: Stack;

  beforeAll(async () => {
    made = await cloudStack('catalogage');
    stack = made.of({ allowDestroy: true });
  });

  afterAll(() => made?.remove());

  test('an up makes it on the public network', async () => {
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
  });

  test('network: private makes the machine anew behind a router, with the floating address that it adopts', async () => {
    const address = await floatingAddress(made.tenant.api);
    stack = made.of({ allowDestroy: true, web: { size: 'b2-7', address } }, { network: 'private' });
    const { run, changed } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    expect(changed['catalogage-web-0']).toBe('replace');
    await expectAsDeclared(made, stack);
    await expectNothingToDo(made, stack);
    await expectDestroyed(made, stack, [`floatingips ${address}`]);
  });
});
