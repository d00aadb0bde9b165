import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { failedChanges } from '../../src/cli/deploy/failedChanges.ts';
import { expectAsDeclared, expectDestroyed, expectNothingToDo } from './expectations.ts';
import { serversOf } from './holdings.ts';
import { type CloudStack, cloudStack } from './stack.ts';

/** A size that the region offers and none of its hosts has room for */
const nowhere = 'b2-nowhere';
const server = 'basegun-web-0-test';

describe('what OpenStack fails to do', () => {
  let made: CloudStack;
  const sized = (size: string, own: object = {}) => made.of({ web: { size }, ...own });

  beforeAll(async () => {
    made = await cloudStack('basegun');
  });

  afterAll(() => made?.remove());

  test('a server that goes to ERROR as it is made stops the deployment, and the next one makes it anew', async () => {
    const failed = await made.run('up', sized(nowhere));
    expect(failed.run.code).not.toBe(0);
    expect(failed.run.output).toContain("unexpected state 'ERROR'");
    expect((await serversOf(made.tenant.api))[server]?.status).toBe('ERROR');
    const again = await made.run('up', sized('s1-2'));
    expect(again.run.code, again.run.output).toBe(0);
    await expectAsDeclared(made, sized('s1-2'));
    await expectNothingToDo(made, sized('s1-2'));
  });

  test('a size that the cloud has no room for is asked for again, once what is there has been read', async () => {
    const failed = await made.run('up', sized(nowhere));
    expect(failed.run.code).not.toBe(0);
    expect((await serversOf(made.tenant.api))[server]).toMatchObject({ status: 'ACTIVE', size: 's1-2' });
    // As `berth deploy` does before it deploys again or puts back
    expect(failedChanges({ deployment: JSON.parse(await made.project.stateText()).checkpoint.latest })).toEqual([
      await made.urnOf('openstack:compute/instance:Instance', 'basegun-web-0'),
    ]);
    const read = await made.run('refresh', sized(nowhere));
    expect(read.run.code, read.run.output).toBe(0);
    const again = await made.run('up', sized(nowhere));
    expect(again.run.code, again.run.output).not.toBe(0);
    await made.run('refresh', sized(nowhere));
    const other = await made.run('up', sized('b2-7'));
    expect(other.run.code, other.run.output).toBe(0);
    expect((await serversOf(made.tenant.api))[server]).toMatchObject({ status: 'ACTIVE', size: 'b2-7' });
    await expectNothingToDo(made, sized('b2-7'));
  });

  test('a destroy leaves nothing', async () => {
    const stack = sized('b2-7', { allowDestroy: true });
    const lifted = await made.run('up', stack);
    expect(lifted.run.code, lifted.run.output).toBe(0);
    await expectDestroyed(made, stack);
  });
});
