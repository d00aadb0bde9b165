import fc from 'fast-check';
import { expect, test } from 'vitest';
import { hostName, machineFact, machineName } from '../../../src/model/names.ts';

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
