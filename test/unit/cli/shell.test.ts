import { execFileSync } from 'node:child_process';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { shellLines } from '../../../src/cli/shell.ts';
import { anyText } from '../../anyText.ts';

test('a shell reads back what it is given, whatever is in it', () => {
  const word = anyText().filter((text) => !text.includes('\0'));
  fc.assert(
    fc.property(fc.array(word, { minLength: 1, maxLength: 40, size: 'max' }), (words) => {
      const set = Object.fromEntries(words.map((value, index) => [`WORD_${index}`, value]));
      const script = `${shellLines({ set, unset: [] })}env -0`;
      const printed = execFileSync('/bin/sh', ['-c', script], { env: { PATH: '/usr/bin:/bin' } }).toString();
      expect(printed.split('\0')).toEqual(
        expect.arrayContaining(words.map((value, index) => `WORD_${index}=${value}`)),
      );
    }),
    { numRuns: 12, examples: [[["it's", '$(id)', '`id`', '"', '\\', '!', '~', '* ?', '\n', '']]] },
  );
});

test('a folder comes before the others of PATH', () => {
  const script = `${shellLines({ set: {}, unset: ['GONE'], path: "/it's here" })}echo "$PATH|\${GONE-unset}"`;
  const printed = execFileSync('/bin/sh', ['-c', script], { env: { PATH: '/bin', GONE: 'x' } }).toString();
  expect(printed).toBe("/it's here:/bin|unset\n");
});
