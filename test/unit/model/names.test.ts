import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostName, limitedName, machineFact, machineName } from '../../../src/model/names.ts';

const word = fc.stringMatching(/^[a-z]{1,12}$/);
const machine = fc.record({ system: word, role: word, index: fc.nat(99) });

test('names are what people read', () => {
  const web = { system: 'basegun', role: 'web', index: 0 };
  expect(machineName(web)).toBe('basegun-web-0');
  expect(hostName('preprod', web)).toBe('basegun-web-0-preprod');
  expect(machineFact('web', 0, 'publicAddress')).toBe('machines.web.0.publicAddress');
});

test('two machines never share a name, and every name is a DNS label', () => {
  fc.assert(
    fc.property(machine, machine, word, (a, b, environment) => {
      const same = a.system === b.system && a.role === b.role && a.index === b.index;
      expect(machineName(a) === machineName(b)).toBe(same);
      expect(hostName(environment, a)).toMatch(/^[a-z](?:[a-z0-9-]{0,61}[a-z0-9])$/);
    }),
  );
});

const words = fc.array(fc.oneof(word, fc.stringMatching(/^[a-zA-Z0-9_.é-]{1,20}$/)), { minLength: 1, maxLength: 4 });
const limits = fc.record({ length: fc.integer({ min: 12, max: 64 }), joiner: fc.constantFrom('-', '') });

test('a limited name keeps to the limits, and the same words always give the same one', () => {
  fc.assert(
    fc.property(words, limits, (given, limit) => {
      const name = limitedName(given, limit);
      expect(name.length).toBeLessThanOrEqual(limit.length);
      expect(name).toMatch(limit.joiner === '' ? /^[a-z0-9]+$/ : /^[a-z0-9]+(-[a-z0-9]+)*$/);
      expect(limitedName([...given], { ...limit })).toBe(name);
    }),
  );
});

test('words that differ never share a limited name, however they are cut', () => {
  // Neighbours: another spelling, another boundary between words, another end beyond the limit
  const neighbours = fc
    .tuple(words, fc.constantFrom('case', 'boundary', 'glue', 'end', 'mark'), word)
    .map(([given, how, more]) => {
      const [first = '', ...rest] = given;
      const near = {
        case: [first.toUpperCase(), ...rest],
        boundary: [`${first}${rest.length > 0 ? '-' : ''}${rest[0] ?? ''}`, ...rest.slice(1)],
        glue: [`${first}${rest[0] ?? ''}`, ...rest.slice(1)],
        end: [...given.slice(0, -1), `${given.at(-1)}${more}`],
        mark: [first.replace('-', '_'), ...rest],
      };
      return [given, near[how]] as const;
    });
  fc.assert(
    fc.property(fc.oneof(neighbours, fc.tuple(words, words)), limits, ([a, b], limit) => {
      const same = JSON.stringify(a) === JSON.stringify(b);
      expect(limitedName(a, limit) === limitedName(b, limit)).toBe(same);
    }),
    { numRuns: 1000 },
  );
});

test('a name that fits is what people read; others say so by a hash', () => {
  expect(limitedName(['basegun', 'preprod', 'web'], { length: 32 })).toBe('basegun-preprod-web');
  expect(limitedName(['basegun', 'preprod', 'web'], { length: 18 })).toMatch(/^basegun-pre-[0-9a-f]{6}$/);
  expect(limitedName(['basegun', 'prod-eu', 'web'], { length: 32 })).toMatch(/^basegun-prod-eu-web-[0-9a-f]{6}$/);
  expect(limitedName(['basegun', 'uploads'], { length: 24, joiner: '' })).toMatch(/^basegunuploads[0-9a-f]{6}$/);
});
