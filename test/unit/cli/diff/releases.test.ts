import { expect, test } from 'vitest';
import { releasesOf } from '../../../../src/cli/diff/releases.ts';
import type { Blueprint } from '../../../../src/model/blueprint.ts';

const role = (count: number) => ({ count }) as Blueprint['roles'][string];
const shop = {
  system: 'shop',
  roles: { web: role(2), database: role(1) },
  rules: [{ from: { role: 'web' }, to: 'database' }],
} as unknown as Blueprint;

const bundle = `7 ${'a'.repeat(64)}\nthe-body`;
const secret = (text: string) => ({ '4dabf18193072939515e22adb298388d': 'x', plaintext: JSON.stringify(text) });
const unknown = '04da6b54-80e4-46f7-96ec-b56ff0331ba9';

/** What the engine saves of its plan, by the names of resources */
const saved = (resources: Record<string, [step: string | string[], updates?: object, adds?: object]>) => ({
  resourcePlans: Object.fromEntries(
    Object.entries(resources).map(([name, [steps, updates = {}, adds = {}]]) => [
      `urn:pulumi:test::berth::berth:index:System$command:remote:Command::${name}`,
      { goal: { type: 'command:remote:Command', inputDiff: { updates, adds } }, steps: [steps].flat(), state: {} },
    ]),
  ),
});

const kinds = (plan: unknown) =>
  Object.fromEntries(releasesOf(plan, [shop]).map(({ machine, kind }) => [machine, kind]));

const standing = Object.fromEntries(
  ['shop-web-0', 'shop-web-1', 'shop-database-0'].flatMap((name) => [
    [`${name}-ready`, ['same']],
    [`${name}-release`, ['same']],
  ]),
) as Record<string, [string]>;

test('machines come in the order of a deployment: who is called before who calls', () => {
  expect(Object.keys(kinds(saved(standing)))).toEqual(['shop-database-0', 'shop-web-0', 'shop-web-1']);
});

test('a machine whose bundle changes has the new one in clear; one whose bundle stays has none', () => {
  const found = releasesOf(saved({ ...standing, 'shop-web-0-release': ['update', { stdin: secret(bundle) }] }), [shop]);
  expect(found).toContainEqual({ system: 'shop', machine: 'shop-web-0', kind: 'changed', bundle });
  expect(found).toContainEqual({ system: 'shop', machine: 'shop-web-1', kind: 'same' });
});

test('a release that never ended is asked of the machine that stands', () => {
  const plan = saved({ ...standing, 'shop-web-0-release': ['create', {}, { stdin: secret(bundle) }] });
  expect(kinds(plan)).toMatchObject({ 'shop-web-0': 'changed' });
});

test.each([
  ['it is made', { 'shop-web-0-ready': ['create'], 'shop-web-0-release': ['create', {}, { stdin: secret(bundle) }] }],
  [
    'it is made anew',
    {
      'shop-web-0-ready': [['delete-replaced', 'replace', 'create-replacement']],
      'shop-web-0-release': [['delete-replaced', 'replace', 'create-replacement'], { stdin: secret(bundle) }],
    },
  ],
  ['what it will be sent is not known yet', { 'shop-web-0-release': ['update', { stdin: secret(unknown) }] }],
  ['what it will be sent is not known at all', { 'shop-web-0-release': ['update', { stdin: unknown }] }],
])('a machine is new where %s', (_, changes) => {
  expect(kinds(saved({ ...standing, ...(changes as unknown as typeof standing) }))).toMatchObject({
    'shop-web-0': 'new',
    'shop-web-1': 'same',
  });
});

test('a login that changes sends the same release once more, and a machine that leaves comes last', () => {
  const plan = saved({
    ...standing,
    'shop-web-0-release': ['update', { connection: secret('{}') }],
    'shop-web-2-release': ['delete'],
  });
  expect(Object.entries(kinds(plan))).toEqual([
    ['shop-database-0', 'same'],
    ['shop-web-0', 'again'],
    ['shop-web-1', 'same'],
    ['shop-web-2', 'gone'],
  ]);
});
