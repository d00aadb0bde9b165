import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { beforeEach, expect, test, vi } from 'vitest';
import { bringUp } from '../../../../../src/clouds/local/setUp/stack.ts';
import { runAttached } from '../../../../../src/process/attached.ts';
import { type Place, stackFile, stateFile } from '../../../../../src/pulumi/place.ts';
import type { RunEngine } from '../../../../../src/pulumi/run.ts';

// Stands in for the engine: it notes how it was called, and ends as the test says
const program = `#!/bin/bash
echo "$*" >> "$CALLS"
exit "$(cat "$CALLS.code")"
`;

let place: Place;
let environment: NodeJS.ProcessEnv;
let calls: string;
const engine: RunEngine = (words, { cwd, env }) => runAttached('pulumi', words, { cwd, env });

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-stack-'));
  place = { stack: 'local', folder: join(folder, '.berth'), project: folder };
  for (const name of ['bin', '.berth/local', 'systems/shop']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\n');
  mkdirSync(dirname(stateFile(place)), { recursive: true });
  writeFileSync(join(folder, 'systems/shop/page.conf'), 'one');
  writeFileSync(join(folder, 'bin', 'pulumi'), program);
  chmodSync(join(folder, 'bin', 'pulumi'), 0o755);
  writeFileSync(stackFile(place), 'config: {}\n');
  writeFileSync(stateFile(place), '{}');
  calls = join(folder, 'calls');
  environment = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, CALLS: calls };
  ends(0);
});

/** The exit code of the engine from now on */
function ends(code: number): void {
  writeFileSync(`${calls}.code`, `${code}`);
  writeFileSync(calls, '');
}

/** Commands of the engine, with the options that matter */
const called = (): string[] =>
  readFileSync(calls, 'utf8')
    .split('\n')
    .filter(Boolean)
    .map((line) => line.replace(/ --stack .*/, ''));

/** The stack, with an engine that shows nothing */
const command = () => ({ place, environment, engine });

/** Where everything stands */
const up = () => bringUp(command(), async () => 9);

test('the first deployment is the engine’s, which looks at the machines', async () => {
  expect(await bringUp(command(), async () => undefined)).toBe(0);
  expect(called()).toEqual(['up --yes --refresh']);
});

test('with nothing changed, and everything standing, the engine is not run', async () => {
  await up();
  ends(0);
  expect(await up()).toBe(0);
  expect(called()).toEqual([]);
});

test('where a machine does not stand, the engine makes it again', async () => {
  await up();
  ends(0);
  await bringUp(command(), async () => undefined);
  expect(called()).toEqual(['up --yes --refresh']);
});

test.each<[string, () => void]>([
  ['stack file', () => writeFileSync(stackFile(place), 'config: { a: 1 }\n')],
  ['state', () => writeFileSync(stateFile(place), '{"changed":"by hand"}')],
  ['file of a system', () => writeFileSync(join(place.project, 'systems/shop/page.conf'), 'two and more')],
])('another %s is deployed, and what stands is not refreshed', async (_what, change) => {
  await up();
  ends(0);
  change();
  await up();
  expect(called()).toEqual(['up --yes']);
});

/** Writes the stack file with the names of its images on this computer */
const images = (of: Readonly<Record<string, string>>, machineImage = 'machine:1') =>
  writeFileSync(stackFile(place), JSON.stringify({ config: { 'berth:local': { machineImage, images: of } } }));

test('an image of other content is deployed without a preview, and is named', async () => {
  images({ 'shop/page:1': 'page@sha256:1', 'shop/redis:7': 'redis@sha256:1' });
  await up();
  ends(0);
  images({ 'shop/page:1': 'page@sha256:2', 'shop/redis:7': 'redis@sha256:1' });
  const said = vi.spyOn(console, 'log').mockReturnValue();
  await up();
  expect(called()).toEqual(['up --yes --skip-preview']);
  expect(said.mock.calls).toEqual([['plan: nothing changes but images, shop/page:1']]);
  said.mockRestore();
  ends(0);
  await up();
  expect(called()).toEqual([]);
});

test.each<[string, () => void]>([
  ['an image more', () => images({ 'shop/page:1': 'page@sha256:2', 'shop/redis:7': 'redis@sha256:1' })],
  ['an image less', () => images({})],
  ['an image and the machines’ own', () => images({ 'shop/page:1': 'page@sha256:2' }, 'machine:2')],
  [
    'an image and a file of a system',
    () => {
      images({ 'shop/page:1': 'page@sha256:2' });
      writeFileSync(join(place.project, 'systems/shop/page.conf'), 'two and more');
    },
  ],
  [
    'an image, and a note of another form',
    () => {
      images({ 'shop/page:1': 'page@sha256:2' });
      writeFileSync(join(place.folder, 'local', 'deployed'), 'd1bc8d3ba4afc7e1');
    },
  ],
])('%s is previewed', async (_what, change) => {
  images({ 'shop/page:1': 'page@sha256:1' });
  await up();
  ends(0);
  change();
  await up();
  expect(called()).toEqual(['up --yes']);
});

test('where an image has changed and a machine does not stand, the engine previews and looks', async () => {
  images({ 'shop/page:1': 'page@sha256:1' });
  await up();
  ends(0);
  images({ 'shop/page:1': 'page@sha256:2' });
  await bringUp(command(), async () => undefined);
  expect(called()).toEqual(['up --yes --refresh']);
});

test('a deployment that failed is repeated, although it began from the same', async () => {
  await up();
  ends(1);
  expect(await bringUp(command(), async () => undefined)).toBe(1);
  ends(0);
  await up();
  expect(called()).toEqual(['up --yes']);
});
