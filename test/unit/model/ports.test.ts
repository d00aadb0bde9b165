import fc from 'fast-check';
import { expect, test } from 'vitest';
import { choosePorts, publishedPorts, withPorts } from '../../../src/model/ports.ts';

const entry = { web: { size: 'small', publish: { 80: 8080, 443: 8443 } }, list: [{ publish: { 443: 8444 } }] };

test('ports that an entry publishes are found wherever a machine has them', () => {
  expect(publishedPorts(entry)).toEqual([8080, 8443, 8444]);
  expect(publishedPorts({ publish: 'text', web: { publish: undefined } })).toEqual([]);
});

test('a chosen port is written in place of the former, and nothing else changes', () => {
  expect(withPorts(entry, new Map([[8443, 8543]]))).toEqual({
    ...entry,
    web: { size: 'small', publish: { 80: 8080, 443: 8543 } },
  });
});

test('a taken port is replaced by the next free one, a free one stays', () => {
  const chosen = choosePorts([8080, 8443], (port) => ![8443, 8543].includes(port));
  expect([...chosen]).toEqual([
    [8080, 8080],
    [8443, 8643],
  ]);
});

test('a port that was chosen before is kept while it is free, also when the wanted one is free again', () => {
  const former = new Map([[8443, 8643]]);
  expect(choosePorts([8443], () => true, former).get(8443)).toBe(8643);
  expect(choosePorts([8443], (port) => port !== 8643, former).get(8443)).toBe(8443);
});

test('chosen ports are free and all different', () => {
  const ports = fc.uniqueArray(fc.integer({ min: 1024, max: 9000 }), { maxLength: 8 });
  fc.assert(
    fc.property(ports, fc.uniqueArray(fc.integer({ min: 1024, max: 9000 })), (wanted, taken) => {
      const isFree = (port: number) => !taken.includes(port);
      const chosen = [...choosePorts(wanted, isFree).values()];
      expect(new Set(chosen).size).toBe(wanted.length);
      expect(chosen.filter((port) => !isFree(port))).toEqual([]);
    }),
  );
});

test('a replacement is never a port that another entry wants', () => {
  const chosen = choosePorts([8443, 8543], (port) => port !== 8443);
  expect([...chosen.values()]).toEqual([8643, 8543]);
});
