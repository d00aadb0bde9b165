import fc from 'fast-check';
import { expect, test } from 'vitest';
import { fromStruct, toStruct } from '../../../../src/pulumi/plugin/struct.ts';
import {
  containsSecret,
  containsUnknown,
  equal,
  isSecret,
  markSecret,
  textOrBytes,
  UNKNOWN,
  unwrap,
} from '../../../../src/pulumi/plugin/values.ts';
import { anyText } from '../../../anyText.ts';

test('every property comes back from the wire as it was', () => {
  // google-protobuf assigns to what it reads, which sets no property of this name.
  const name = fc.string().filter((text) => text !== '__proto__');
  const property = fc.letrec((tie) => ({
    value: fc.oneof(
      fc.constant(null),
      fc.boolean(),
      fc.double({ noNaN: true, noDefaultInfinity: true }),
      anyText(),
      fc.array(tie('value'), { maxLength: 3 }),
      fc.dictionary(name, tie('value'), { maxKeys: 3 }),
    ),
  })).value;
  fc.assert(
    fc.property(fc.dictionary(name, property), (properties) => {
      const wire = toStruct(properties).serializeBinary();
      const back = fromStruct((toStruct({}).constructor as unknown as Decoder).deserializeBinary(wire));
      expect(equal(back, properties)).toBe(true);
    }),
    { numRuns: 100 },
  );
});

test('an undefined property is not sent, and what has no form on the wire is refused', () => {
  expect(fromStruct(toStruct({ a: undefined, b: [null] }))).toEqual({ b: [null] });
  expect(() => toStruct({ a: 1n })).toThrow('a property is a bigint; allowed: string, number');
});

test('secrets are found, and opened wherever they are', () => {
  const properties = { plain: 1, inside: [{ key: markSecret(markSecret('hidden')) }] };
  expect(containsSecret(properties)).toBe(true);
  expect(isSecret(properties)).toBe(false);
  expect(unwrap(properties)).toEqual({ plain: 1, inside: [{ key: 'hidden' }] });
  expect(containsSecret(unwrap(properties))).toBe(false);
});

test('unknown values are found inside secrets and lists', () => {
  expect(containsUnknown({ a: [markSecret({ b: UNKNOWN })] })).toBe(true);
  expect(containsUnknown({ a: ['known'] })).toBe(false);
});

test('a plain value and a secret of the same text differ; the order of keys does not matter', () => {
  expect(equal('same', markSecret('same'))).toBe(false);
  expect(equal(markSecret('same'), markSecret('same'))).toBe(true);
  expect(equal({ a: 1, b: [2] }, { b: [2], a: 1 })).toBe(true);
  expect(equal({ a: 1 }, { a: 1, b: undefined })).toBe(true);
  expect(equal([1, 2], [1])).toBe(false);
});

test('text stays text, and bytes that are none keep their form', () => {
  expect(textOrBytes(Buffer.from('é'))).toBe('é');
  expect(textOrBytes(Buffer.from([0xff]))).toMatchObject({ value: '/w==' });
});

interface Decoder {
  deserializeBinary(bytes: Uint8Array): ReturnType<typeof toStruct>;
}
