import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { yaml } from '../../../src/render/yaml.ts';
import { anyText } from '../../anyText.ts';

/** All that Go's reader of YAML takes, but for the line breaks that only YAML 1.1 has */
const taken = /^[\t\n\r\u0020-\u007e\u00a0-\u2027\u202a-\ufffd\u{10000}-\u{10ffff}]*$/u;
const refused = '\u007f \u0080 \u0085 \u009f \u2028 \u2029 \ufffe \uffff';

test('every text is written in characters that the reader of Go programs takes, as a value and as a key', () => {
  fc.assert(
    fc.property(fc.constantFrom('', ...refused.split(' ')), anyText(), (character, more) => {
      const text = `a${character}${more}`;
      const data = { [text]: text, list: [text, `${text}\n${text}`] };
      const written = yaml(data);
      expect(written).toMatch(taken);
      expect(parse(written)).toEqual(data);
    }),
  );
});

test('what is plain stays plain, and nothing is folded or said by reference', () => {
  const long = 'word '.repeat(40).trim();
  const same = { a: 1 };
  expect(yaml({ long, one: same, other: same })).toBe(`long: ${long}\none:\n  a: 1\nother:\n  a: 1\n`);
});
