import { chmodSync, mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { requireProgram } from '../../../src/process/debian.ts';

const silent = (): undefined => undefined;

/** Fails, as apt does over its lists, while another one runs; what it installs is a program of its own name */
const aptGet = `#!/bin/bash
set -e
folder=$(dirname "$0")
mkdir "$folder/locked" || { echo "E: Could not get lock /var/lib/apt/lists/lock" >&2; exit 100; }
trap 'rmdir "$folder/locked"' EXIT
sleep 0.2
[[ " $* " != *' install '* ]] || { printf '#!/bin/sh\\n' > "$folder/\${!#}"; chmod 755 "$folder/\${!#}"; }
echo "$*" >> "$folder/calls"
`;

let folder: string;

beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'berth-apt-'));
  writeFileSync(join(folder, 'apt-get'), aptGet);
  chmodSync(join(folder, 'apt-get'), 0o755);
  vi.stubEnv('PATH', `${folder}:${process.env.PATH}`);
  vi.stubEnv('BERTH_CACHE', folder);
});

afterEach(() => vi.unstubAllEnvs());

const wanted = (program: string) => ({ program, packages: [program], why: `the tests need ${program}` });

test.runIf(process.getuid?.() === 0)('stages that install at once do it one after another', async () => {
  const names = ['berth-one', 'berth-two', 'berth-three'];
  await expect(Promise.all(names.map((name) => requireProgram(wanted(name), silent)))).resolves.toEqual([
    true,
    true,
    true,
  ]);
});

test.runIf(process.getuid?.() === 0)('what another stage installed meanwhile is not installed again', async () => {
  const both = [requireProgram(wanted('berth-one'), silent), requireProgram(wanted('berth-one'), silent)];
  expect((await Promise.all(both)).toSorted()).toEqual([false, true]);
});
