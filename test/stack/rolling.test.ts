import { expect, test } from 'vitest';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { run } from './matrixStacks.ts';
import { stackOf, withSecrets } from './samples.ts';

/** Mad with a fleet of its API */
const fleet = async (api: object) => {
  const own = { api: { size: 'b2-7', count: 4, ...api }, client: { count: 1, size: 'b2-7' } };
  return (await run(withSecrets(stackOf('mad', 'openstack', {}, own)), 'prod')).declared;
};

/** The releases that a machine's release waits for */
const waitsFor = (declared: readonly DeclaredResource[], machine: string): readonly string[] => {
  const release = declared.find(({ name }) => name === `mad-${machine}-release`);
  const names = (release?.options.dependsOn ?? []).map((urn) => urn.split('::').at(-1) ?? '');
  return names
    .flatMap((name) => /^mad-(.*)-release$/.exec(name)?.[1] ?? [])
    .filter((name) => name !== machine)
    .sort();
};

test('machines of a role are released one after another', async () => {
  const declared = await fleet({});
  expect(waitsFor(declared, 'api-1')).toEqual(['api-0']);
  expect(waitsFor(declared, 'api-2')).toEqual(['api-1']);
  expect(waitsFor(declared, 'api-3')).toEqual(['api-2']);
});

test('with `rolling.atOnce: 2` the first is released alone, and then two at once', async () => {
  const declared = await fleet({ rolling: { atOnce: 2 } });
  expect(waitsFor(declared, 'api-1')).toEqual(['api-0']);
  expect(waitsFor(declared, 'api-2')).toEqual(['api-0']);
  expect(waitsFor(declared, 'api-3')).toEqual(['api-1', 'api-2']);
});

test('roles that do not call each other go side by side; who calls a role waits for all of its machines', async () => {
  const declared = await fleet({ rolling: { atOnce: 15 } });
  expect(waitsFor(declared, 'redis-0')).toEqual([]);
  expect(waitsFor(declared, 'web-0')).toEqual([]);
  expect(waitsFor(declared, 'api-0')).toEqual(['redis-0']);
  expect(waitsFor(declared, 'balancer-0')).toEqual(['api-1', 'api-2', 'api-3']);
  expect(waitsFor(declared, 'front-0')).toEqual(['web-1']);
});

test('clients, which call the API by its public name, come after its balancer', async () => {
  expect(waitsFor(await fleet({}), 'client-0')).toEqual(['balancer-0']);
});
