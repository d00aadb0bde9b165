import { mkdirSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { standing } from '../../../../../src/clouds/local/setUp/stands.ts';
import { type Place, stateFile } from '../../../../../src/pulumi/place.ts';
import type { ResourceHandler } from '../../../../../src/pulumi/plugin/handler.ts';
import { isSecret } from '../../../../../src/pulumi/plugin/values.ts';

let place: Place;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-stands-'));
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\n');
  place = { stack: 'local', folder: join(folder, '.berth'), project: folder };
  mkdirSync(dirname(stateFile(place)), { recursive: true });
});

const secret = { '4dabf18193072939515e22adb298388d': '1b47061264138c4ac30d75fd1eb44270', ciphertext: 'v1:x' };
const machine = { urn: 'urn:m', type: 'a:Machine', id: 'm', inputs: { running: true, key: secret }, outputs: {} };
const other = { urn: 'urn:k', type: 'a:Key', id: 'k', inputs: {}, outputs: {} };

const state = (resources: readonly object[], more: object = {}): void =>
  writeFileSync(stateFile(place), JSON.stringify({ checkpoint: { latest: { resources, ...more } } }));

/** Handlers whose machine is read as the test says */
const read = (found: NonNullable<ResourceHandler['read']>) => ({
  'a:Machine': { read: found, create: never },
  'a:Key': { create: never },
});
const never = () => Promise.reject(new Error('nothing may be changed'));

test('what is read as it was deployed stands; what can not be read is not counted', async () => {
  state([machine, other]);
  expect(
    await standing(
      place,
      read(async (_id, state, inputs) => ({ state, inputs })),
    ),
  ).toBe(1);
});

test.each<[string, NonNullable<ResourceHandler['read']>]>([
  ['is gone', async () => undefined],
  ['is stopped', async (_id, state, inputs) => ({ state, inputs: { ...inputs, running: false } })],
])('a machine that %s does not stand', async (_what, found) => {
  state([machine]);
  expect(await standing(place, read(found))).toBeUndefined();
});

test('no secret is decrypted for it: an empty text is read in its place, marked as secret', async () => {
  state([machine]);
  let key: unknown;
  await standing(
    place,
    read(async (_id, state, inputs) => {
      key = inputs.key;
      return { state, inputs };
    }),
  );
  expect(isSecret(key) && key.value).toBe('');
});

test.each<[string, () => void]>([
  ['is none', () => undefined],
  ['has another form', () => writeFileSync(stateFile(place), '{"checkpoint":{}}')],
  ['says that a deployment was interrupted', () => state([machine], { pending_operations: [{}] })],
])('a state that %s tells nothing', async (_what, given) => {
  given();
  expect(
    await standing(
      place,
      read(async (_id, state, inputs) => ({ state, inputs })),
    ),
  ).toBeUndefined();
});
