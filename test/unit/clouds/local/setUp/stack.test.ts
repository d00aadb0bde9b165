import { chmodSync, mkdirSync, mkdtempSync, readFileSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { beforeEach, expect, test } from 'vitest';
import { bringUp } from '../../../../../src/clouds/local/setUp/stack.ts';
import { type Place, stackFile } from '../../../../../src/pulumi/place.ts';

// Stands in for the engine: it notes how it was called, and a preview ends as the test says
const engine = `#!/bin/bash
echo "$*" >> "$CALLS"
case "$1:$(cat "$CALLS.preview")" in
  preview:changes) echo 'error: no changes were expected but changes were proposed' >&2; exit 255 ;;
  preview:fails) exit 3 ;;
esac
exit "$(cat "$CALLS.code")"
`;

let place: Place;
let environment: NodeJS.ProcessEnv;
let calls: string;

beforeEach(() => {
  const folder = mkdtempSync(join(tmpdir(), 'berth-stack-'));
  place = { stack: 'local', folder: join(folder, '.berth'), project: folder };
  for (const name of ['bin', '.berth/local', '.berth/bundles']) mkdirSync(join(folder, name), { recursive: true });
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: shop\n');
  writeFileSync(join(folder, 'bin', 'pulumi'), engine);
  chmodSync(join(folder, 'bin', 'pulumi'), 0o755);
  writeFileSync(stackFile(place), 'config: {}\n');
  bundle('one');
  calls = join(folder, 'calls');
  environment = { ...process.env, PATH: `${join(folder, 'bin')}:${process.env.PATH}`, CALLS: calls };
  ends('unchanged', 0);
});

/** How previews and everything else end from now on */
function ends(preview: 'unchanged' | 'changes' | 'fails', code: number): void {
  writeFileSync(`${calls}.preview`, preview);
  writeFileSync(`${calls}.code`, `${code}`);
  writeFileSync(calls, '');
}

const bundle = (name: string): void => writeFileSync(join(place.folder, 'bundles', `index-${name}.cjs`), '');

/** Commands of the engine, with the options that matter */
const called = (): string[] =>
  readFileSync(calls, 'utf8')
    .trim()
    .split('\n')
    .map((line) => line.replace(/ --stack .*/, ''));

const up = () => bringUp({ place, environment });

test('the first deployment previews by itself and looks at the machines', async () => {
  expect(await up()).toBe(0);
  expect(called()).toEqual(['up --yes --refresh']);
});

test('with nothing changed, a preview that looks at the machines is all that is run', async () => {
  await up();
  ends('unchanged', 0);
  expect(await up()).toBe(0);
  expect(called()).toEqual(['preview --refresh --expect-no-changes']);
});

test('where a machine is not as it was, the deployment follows, without a second preview', async () => {
  await up();
  ends('changes', 0);
  expect(await up()).toBe(0);
  expect(called()).toEqual(['preview --refresh --expect-no-changes', 'up --yes --refresh --skip-preview']);
});

test.each<[string, () => void]>([
  ['file', () => writeFileSync(stackFile(place), 'config: { a: 1 }\n')],
  ['program', () => bundle('two')],
])('another %s is always deployed', async (_what, change) => {
  await up();
  ends('unchanged', 0);
  change();
  await up();
  expect(called()).toEqual(['up --yes --refresh']);
});

test('a preview that fails ends the command with its code', async () => {
  await up();
  ends('fails', 0);
  expect(await up()).toBe(3);
  expect(called()).toHaveLength(1);
});

test('a deployment that failed is tried again', async () => {
  ends('unchanged', 1);
  expect(await up()).toBe(1);
  ends('unchanged', 0);
  await up();
  expect(called()).toEqual(['up --yes --refresh']);
});
