import { join } from 'node:path';
import { expect, test } from 'vitest';
import { givenFiles, givenLines } from '../../../../src/cli/init/given.ts';
import { put, temporaryFolder } from '../berth.ts';

const wanted = ['passphrase', 'lostops/appKey'];

test('a line is a name and a value, which may hold anything but the end of a line', () => {
  expect(Object.fromEntries(givenLines('lostops/appKey=base64:a=b \r\n\npassphrase= p#$\n', wanted))).toEqual({
    'lostops/appKey': 'base64:a=b ',
    passphrase: ' p#$',
  });
});

test.each([
  ['hush', 'line 1 of standard input is not <name>=<value>'],
  [
    'passphrase=x\nhush=hush',
    'the name in line 2 of standard input is not needed: the missing secrets are passphrase, ',
  ],
  ['lostops/appKey=hush\nlostops/appKey=hush', 'standard input gives lostops/appKey twice'],
  ['lostops/appKey=', 'standard input gives lostops/appKey without a value'],
])('%j is refused without a word of it', (text, message) => {
  expect(() => givenLines(text, wanted)).toThrow(message);
  expect(() => givenLines(text, wanted)).not.toThrow('hush');
});

test('a file gives several lines, without the end of its last', () => {
  const folder = temporaryFolder();
  put(folder, 'users=1', 'alice:x\nbob:y\n');
  const given = givenFiles([`lostops/appKey=${join(folder, 'users=1')}`], wanted);
  expect(given.get('lostops/appKey')).toBe('alice:x\nbob:y');
});

test.each([
  ['hush', '--secret-file takes <name>=<file>'],
  ['hush=/dev/null', 'a name given by --secret-file is not needed'],
  ['lostops/appKey=/dev/null', "the file of lostops/appKey can't be used: it is empty"],
  ['lostops/appKey=/nowhere/else', "the file of lostops/appKey can't be used: ENOENT"],
])('--secret-file %s is refused', (pair, message) => {
  expect(() => givenFiles([pair], wanted)).toThrow(message);
  expect(() => givenFiles([pair], wanted)).not.toThrow('hush');
});
