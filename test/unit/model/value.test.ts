import fc from 'fast-check';
import { expect, test } from 'vitest';
import { needsOf, ref, resolve, secret, text } from '../../../src/model/value.ts';

test('text holds references and secrets where they stand', () => {
  const value = text`http://${ref('buckets.uploads.endpoint')}/?key=${secret('uploadKey')}`;
  expect(resolve(value, { 'buckets.uploads.endpoint': '192.0.2.1:9000' }, { uploadKey: 'k' })).toBe(
    'http://192.0.2.1:9000/?key=k',
  );
});

test('a literal resolves to itself, whatever it holds', () => {
  fc.assert(fc.property(fc.string(), (literal) => resolve(literal, {}, {}) === literal));
});

test('what resolves needs nothing beyond what it names', () => {
  const piece = fc.oneof(
    fc.string(),
    fc.string().map((name) => ref(`buckets.${name}.endpoint`)),
    fc.string().map(secret),
  );
  fc.assert(
    fc.property(fc.array(piece), (parts) => {
      const { refs, secrets } = needsOf({ any: [{ parts }] });
      const known = (names: readonly string[]) => Object.fromEntries(names.map((name) => [name, `<${name}>`]));
      const expected = parts
        .map((part) => (typeof part === 'string' ? part : `<${'ref' in part ? part.ref : part.secret}>`))
        .join('');
      expect(resolve({ parts }, known(refs), known(secrets))).toBe(expected);
    }),
  );
});

test('needs are sorted, each once, however deep they stand', () => {
  const data = {
    a: [ref('acme.roots'), { b: ref('acme.authority') }, text`x${ref('acme.roots')}${secret('s')}`],
    c: null,
    d: 4,
  };
  expect(needsOf(data)).toEqual({ refs: ['acme.authority', 'acme.roots'], secrets: ['s'] });
});

test('what is not known is named, without what is', () => {
  expect(() => resolve(ref('buckets.x.endpoint'), { other: 'value' }, {})).toThrow(
    /fact buckets\.x\.endpoint is not known/,
  );
  expect(() => resolve(secret('token'), {}, { password: 'hunter2' })).toThrow(/secret token is not known/);
  expect(() => resolve(secret('token'), {}, { password: 'hunter2' })).not.toThrow(/hunter2/);
});
