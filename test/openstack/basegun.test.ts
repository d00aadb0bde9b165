import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { z } from 'zod';
import type { Stack } from '../stack/samples.ts';
import { expectAsDeclared, expectDestroyed, expectNothingToDo } from './expectations.ts';
import { holdings } from './holdings.ts';
import { reservedPort } from './reserved.ts';
import { type CloudStack, cloudStack } from './stack.ts';

const web = (own: object, more: object = {}) => ({ web: { size: 's1-2', ...own }, storage: 'swift', ...more });

describe('basegun on OpenStack: a machine on the public network, uploads in Swift', () => {
  let made: CloudStack;
  let stack: Stack;

  beforeAll(async () => {
    made = await cloudStack('basegun');
    stack = made.of(web({}));
  });

  afterAll(() => made?.remove());

  const addressInOutputs = async (): Promise<string> => {
    const { outputs } = z
      .object({ outputs: z.object({ systems: z.record(z.string(), z.unknown()) }).loose() })
      .parse((await made.project.resources()).find(({ type }) => type === 'pulumi:pulumi:Stack'));
    return JSON.stringify(outputs);
  };

  test("an up makes everything with a tenant's rights, and its outputs name the address of IPv4", async () => {
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    await expectAsDeclared(made, stack);
    expect(await holdings(made.tenant.api)).toContainEqual(expect.stringMatching(/^containers basegun-uploads-/));
    expect(await addressInOutputs()).toMatch(/"198\.1[89]\.0\.\d+"/);
  });

  test('a second up and a refresh change nothing', () => expectNothingToDo(made, stack));

  test('an address that no port of the project has is refused, and the error says how to reserve one', async () => {
    const taken = made.of(web({ address: '198.18.0.250' }, { allowDestroy: true }));
    const { run } = await made.run('up', taken);
    expect(run.code).not.toBe(0);
    expect(run.output).toContain('openstack port create --network Ext-Net');
    // Lifts the protection of the port too, which the next one takes away
    stack = made.of(web({}, { allowDestroy: true }));
    const back = await made.run('up', stack);
    expect(back.run.code, back.run.output).toBe(0);
    await expectAsDeclared(made, stack);
  });

  test('a reserved address is taken over, and stays when the stack goes', async () => {
    const reserved = await reservedPort(made.tenant.api, 'kept');
    stack = made.of(web({ address: reserved.address }, { allowDestroy: true }));
    const { run } = await made.run('up', stack);
    expect(run.code, run.output).toBe(0);
    expect(await addressInOutputs()).toContain(reserved.address);
    await expectAsDeclared(made, stack);
    await expectNothingToDo(made, stack);
    await expectDestroyed(made, stack, ['ports kept']);
  });
});
