import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, onTestFinished, test } from 'vitest';
import { edited } from '../../../../src/cli/secrets/editor.ts';

/** An editor that is a script, which finds the file as $1 and may note something in $noted */
function editor(script: string) {
  const folder = mkdtempSync(join(tmpdir(), 'berth-editor-'));
  onTestFinished(() => rmSync(folder, { recursive: true }));
  const [path, noted] = [join(folder, 'editor'), join(folder, 'noted')];
  writeFileSync(path, `#!/bin/sh\nnoted=${noted}\n${script}\n`, { mode: 0o755 });
  return { environment: { PATH: process.env.PATH, EDITOR: path }, noted: () => readFileSync(noted, 'utf8').trim() };
}

test('a value is edited in memory, in a file of its user alone, of which nothing stays', () => {
  const { environment, noted } = editor(
    'stat -f -c %T "$1" >$noted; stat -c %a "$1" "$(dirname "$1")" >>$noted; echo "$1" >>$noted; sed -i s/old/new/ "$1"; echo >>"$1"',
  );
  expect(edited('the old one', environment)).toBe('the new one');
  const [kind, mode, folder, file = ''] = noted().split('\n');
  expect([kind, mode, folder]).toEqual(['tmpfs', '600', '700']);
  expect(() => readFileSync(file)).toThrow('ENOENT');
});

test('an editor that fails changes nothing, and nothing stays either', () => {
  const { environment, noted } = editor('echo "$1" >$noted; exit 3');
  expect(() => edited('old', environment)).toThrow(/ended with code 3: nothing was changed/);
  expect(() => readFileSync(noted())).toThrow('ENOENT');
});

test('several lines keep their last line break', () => {
  const { environment } = editor('sed -i 1s/a/b/ "$1"');
  expect(edited('a\nkey\n', environment)).toBe('b\nkey\n');
});
