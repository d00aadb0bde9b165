import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { parse } from 'yaml';
import { withImages } from '../../../../src/cli/pin/text.ts';
import { checkout } from '../berth.ts';

const prod = readFileSync(join(checkout, 'Pulumi.prod.yaml'), 'utf8');
const digest = (digit: string) => `sha256:${digit.repeat(64)}`;
const [a, b] = ['docker.io/library/redis:7.4.6', 'ghcr.io/owner/name:1.0.0'];
const block = (...entries: (readonly [string, string])[]) =>
  `  berth:images:\n${entries.map(([image, digit]) => `    ${image}: ${digest(digit)}\n`).join('')}`;
const images = (text: string): unknown => parse(text).config['berth:images'];

test('a file without digests gets a block behind its systems; all else stays', () => {
  const changed = withImages(prod, { [a]: digest('1'), [b]: digest('2') });
  expect(changed.replace(block([a, '1'], [b, '2']), '')).toBe(prod);
  expect(images(changed)).toEqual({ [a]: digest('1'), [b]: digest('2') });
});

test('a digest is changed in its line, an entry is added below, one goes with its line; comments stay', () => {
  const before = `config:
  berth:images: # written by berth pin
    # the database
    ${a}: ${digest('1')} # since May
    ghcr.io/owner/gone:1.0.0: ${digest('9')}
  berth:systems:
    shop: { cloud: aws }
`;
  expect(withImages(before, { [a]: digest('3'), [b]: digest('2') })).toBe(`config:
  berth:images: # written by berth pin
    # the database
    ${a}: ${digest('3')} # since May
    ${b}: ${digest('2')}
  berth:systems:
    shop: { cloud: aws }
`);
});

test.each(['{}', '', `{ ${b}: "${digest('9')}" }`])('%j becomes a block', (written) => {
  const text = `config:\n  berth:systems:\n    shop: { cloud: aws }\n  berth:images: ${written}\n  other:key: 1\n`;
  const changed = withImages(text, { [a]: digest('1') });
  expect(images(changed)).toEqual({ [a]: digest('1') });
  expect(changed).toContain('\n  other:key: 1\n');
});

test('whatever was pinned before and is now, the file says what is now, and the rest of it as before', () => {
  const some = fc.dictionary(
    fc.constantFrom(a, b, 'redis:1', 'quay.io/a/b:v1', '127.0.0.1:5001/x:2.0.0'),
    fc.constantFrom('1', '2').map(digest),
  );
  const file =
    'config:\n  # two systems\n  berth:systems:\n    shop: { cloud: aws }\n\n  # the rest\n  aws:region: eu\n';
  fc.assert(
    fc.property(some, some, (before, now) => {
      const text = withImages(withImages(file, before), now);
      expect(images(text)).toEqual(now);
      expect(text.replace(/^ {2}berth:images:.*\n(?: {4}(?!shop).*\n)*/m, '')).toBe(file);
      expect(withImages(text, now)).toBe(text);
    }),
  );
});
