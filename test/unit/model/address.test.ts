import fc from 'fast-check';
import { expect, test } from 'vitest';
import { addressAt, lastSlot, machineOffset, machinesPerRole } from '../../../src/model/address.ts';

const value = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);

/** A subnet with room for the roles of a system */
const subnet = fc.tuple(fc.nat(2 ** 32 - 1), fc.integer({ min: 8, max: 24 })).map(([at, length]) => {
  const size = 2 ** (32 - length);
  const network = Math.floor(at / size) * size;
  return {
    text: `${[24, 16, 8, 0].map((shift) => Math.floor(network / 2 ** shift) % 256).join('.')}/${length}`,
    network,
    size,
  };
});

test.each([
  ['10.213.7.0/24', 10, '10.213.7.10'],
  ['10.0.0.0/8', 65_536, '10.1.0.0'],
  ['192.168.255.0/24', 254, '192.168.255.254'],
  ['255.255.255.0/24', 1, '255.255.255.1'],
])('%s at %i is %s', (network, offset, address) => expect(addressAt(network, offset)).toBe(address));

test('an address lies inside its subnet, neither its first nor its last', () => {
  fc.assert(
    fc.property(subnet, fc.nat(), ({ text, network, size }, number) => {
      const offset = 1 + (number % (size - 2));
      const at = value(addressAt(text, offset));
      expect(at).toBe(network + offset);
      expect(at).toBeGreaterThan(network);
      expect(at).toBeLessThan(network + size - 1);
    }),
  );
});

test.each([0, -1, 255, 256, Number.NaN])('an offset outside is refused: %d', (offset) => {
  expect(() => addressAt('10.0.0.0/24', offset)).toThrow(`10.0.0.0/24 has no host ${offset}: it has 1 to 254`);
});

test('no two machines of a system get one address, and a slot and a number always give the same', () => {
  const slots = fc.uniqueArray(fc.nat({ max: lastSlot }), { minLength: 1, maxLength: lastSlot + 1 });
  fc.assert(
    fc.property(subnet, slots, ({ text }, given) => {
      const all = given.flatMap((slot) =>
        Array.from({ length: machinesPerRole }, (_, index) => addressAt(text, machineOffset(slot, index))),
      );
      expect(new Set(all).size).toBe(all.length);
    }),
    { numRuns: 30 },
  );
});
