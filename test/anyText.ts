import fc from 'fast-check';

/** Any text at all: `unit: 'binary'` of fast-check, which would first list the million characters that there are */
export const anyText = (constraints: { minLength?: number; maxLength?: number } = {}): fc.Arbitrary<string> =>
  fc.string({ ...constraints, unit: character });

const lastCharacter = 0x10ffff;
/** Halves of pairs, which are no characters */
const surrogates = { first: 0xd800, count: 0x800 };

const character = fc
  .integer({ min: 0, max: lastCharacter - surrogates.count })
  .map((index) => String.fromCodePoint(index < surrogates.first ? index : index + surrogates.count), indexOf);

/** The way back, by which fast-check finds out that it can ask for its own list of awkward words */
function indexOf(text: unknown): number {
  const [code = -1, ...more] = [...String(text)].map((one) => one.codePointAt(0) ?? -1);
  const isSurrogate = code >= surrogates.first && code < surrogates.first + surrogates.count;
  if (code < 0 || more.length > 0 || isSurrogate) throw new Error('no single character');
  return code < surrogates.first ? code : code - surrogates.count;
}
