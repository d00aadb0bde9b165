import { createHash } from 'node:crypto';
import { mkdirSync, mkdtempSync, realpathSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, expect, test } from 'vitest';
import { ownerOf } from '../../../../../src/clouds/local/provider/owner.ts';
import { stackOwner } from '../../../../../src/clouds/local/setUp/stack.ts';

const urn = 'urn:pulumi:local::berth::berthlocal:index:Machine::web';
const made: string[] = [];

afterEach(() => {
  for (const folder of made.splice(0)) rmSync(folder, { recursive: true });
});

function project(): string {
  const folder = mkdtempSync(join(tmpdir(), 'berth-owner-'));
  made.push(folder);
  mkdirSync(join(folder, 'src', 'start'), { recursive: true });
  writeFileSync(join(folder, 'Pulumi.yaml'), 'name: berth\n');
  return folder;
}

test("a stack's owner is its project, wherever in it the program lies: the plugin and the set-up say the same", () => {
  const folder = project();
  const owner = ownerOf(urn, join(folder, 'src', 'start'))['berth.stack'];
  expect(owner).toBe(ownerOf(urn, folder)['berth.stack']);
  expect(owner).toBe(stackOwner({ stack: 'local', project: folder, folder: join(folder, '.berth') }));
  expect(owner).not.toBe(ownerOf(urn, project())['berth.stack']);
});

test('what an earlier version made, whose program lay in src, keeps its owner', () => {
  const folder = project();
  const former = createHash('sha256')
    .update(realpathSync(join(folder, 'src')))
    .digest('hex')
    .slice(0, 8);
  expect(ownerOf(urn, join(folder, 'src', 'start'))['berth.stack']).toBe(`berth/local/${former}`);
});
