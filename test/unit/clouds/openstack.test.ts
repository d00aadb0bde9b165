import fc from 'fast-check';
import { describe, expect, test } from 'vitest';
import { checkDisk } from '../../../src/clouds/openstack/flavor.ts';
import { groupRules } from '../../../src/clouds/openstack/groupRules.ts';
import { volumeDevice } from '../../../src/clouds/openstack/machine.ts';
import { subnetWith, unplanned } from '../../../src/clouds/openstack/network.ts';
import { storageRegion } from '../../../src/clouds/openstack/scope.ts';
import { addressAt, lastSlot, machineOffset, machinesPerRole } from '../../../src/model/address.ts';
import type { Rule } from '../../../src/model/blueprint.ts';
import { blueprint } from '../render/fixtures.ts';

const operators = ['198.51.100.0/24', '192.0.2.0/28'];

const rule = (from: Rule['from'], why: string): Rule => ({ from, to: 'web', port: 443, protocol: 'tcp', why });

describe('rules of security groups', () => {
  const networks = fc.subarray(['192.0.2.0/28', '203.0.113.0/24', '0.0.0.0/0'], { minLength: 1 });
  const roles = fc.constantFrom('web', 'api', 'internet', 'database');
  const rules = fc.array(
    fc.record({
      from: fc.oneof(
        fc.constantFrom('internet' as const, 'operators' as const),
        roles.map((role) => ({ role })),
        networks.map((list) => ({ networks: list, name: 'partners' })),
      ),
      to: roles,
      port: fc.constantFrom(22, 80, 443, 3306),
      protocol: fc.constantFrom('tcp' as const, 'udp' as const),
      why: fc.string({ maxLength: 300 }),
    }),
  );
  test('never open the same twice, have names of their own, and say why within the limit', () => {
    fc.assert(
      fc.property(rules, (list) => {
        const made = groupRules(blueprint({ rules: list }), operators);
        const opened = made.map(({ why: _, name: __, ...what }) => JSON.stringify(what));
        expect(new Set(opened).size).toBe(opened.length);
        expect(new Set(made.map(({ name }) => name)).size).toBe(made.length);
        for (const { why } of made) expect(why.length).toBeLessThanOrEqual(255);
      }),
    );
  });

  test("say nothing that Neutron's database has no room for: characters of four bytes", () => {
    const [made] = groupRules(blueprint({ rules: [rule('internet', 'pictures 🔥 für die Seite → all')] }), operators);
    expect(made?.why).toBe('pictures ? für die Seite → all');
  });

  test('a new network changes the name of none', () => {
    const names = (networks: readonly string[]) =>
      groupRules(blueprint({ rules: [rule('operators', 'dashboards')] }), networks).map(({ name }) => name);
    expect(names(['203.0.113.0/24', ...operators])).toEqual(['web-tcp-443-from-203.0.113.0-24', ...names(operators)]);
  });
});

test.each([
  ['GRA7', 'GRA'],
  ['GRA11', 'GRA'],
  ['DE1', 'DE'],
  ['RBX-A', 'RBX'],
  ['EU-WEST-PAR', 'EU-WEST-PAR'],
  ['AP-SOUTH-MUM-1', 'AP-SOUTH-MUM'],
])('object storage near %s lies in %s', (compute, storage) => {
  expect(storageRegion(compute)).toBe(storage);
});

test('a disk is looked for under the names of each bus, by as much of its id as its serial number may hold', () => {
  const [short, whole] = ['6f1ed2a4-53a0-4c0e-9', '6f1ed2a4-53a0-4c0e-9b5e-0d5f5f1c2a3b'];
  expect(volumeDevice(whole ?? '').split(' ')).toEqual([
    `/dev/disk/by-id/virtio-${short}`,
    `/dev/disk/by-id/virtio-${whole}`,
    `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${short}`,
    `/dev/disk/by-id/scsi-0QEMU_QEMU_HARDDISK_${whole}`,
  ]);
});

describe('a size', () => {
  test('with a smaller disk than was asked for is refused, with both', () => {
    expect(() => checkDisk({ name: 's1-2', diskGb: 10 }, 40, 'GRA7')).toThrow(
      /size s1-2 has a disk of 10 GB in region GRA7, and diskGb asks for 40: choose a larger size/,
    );
  });

  test('whose disk suffices is not', () => {
    for (const wanted of [10, 50]) expect(() => checkDisk({ name: 'b2-7', diskGb: 50 }, wanted, 'GRA7')).not.toThrow();
  });
});

describe('the subnet of an adopted address', () => {
  const subnets = [{ cidr: '2001:db8::/56' }, { cidr: '198.51.100.0/25' }, { cidr: '198.51.100.128/25' }];

  test.each([
    ['198.51.100.127', '198.51.100.0/25'],
    ['198.51.100.128', '198.51.100.128/25'],
  ])('%s lies in %s', (address, cidr) => {
    expect(subnetWith(address, subnets, 'GRA7')).toEqual({ cidr });
  });

  test('an address of elsewhere is named with what there is', () => {
    expect(() => subnetWith('203.0.113.9', subnets, 'GRA7')).toThrow(
      /203\.0\.113\.9 can't be adopted: Ext-Net of region GRA7 has .*198\.51\.100\.128\/25; give an address of this region/,
    );
    expect(() => subnetWith('203.0.113.9', [], 'GRA7')).toThrow(/no subnet visible to this project/);
  });
});

test("the network's own services never take a machine's planned address", () => {
  fc.assert(
    fc.property(fc.integer({ min: 16, max: 22 }), fc.nat({ max: lastSlot }), (length, slot) => {
      const network = `10.64.0.0/${length}`;
      const last = addressAt(network, machineOffset(slot, machinesPerRole - 1));
      expect(number(last)).toBeLessThan(number(unplanned(network).start));
      expect(number(unplanned(network).end)).toBeGreaterThan(number(unplanned(network).start));
    }),
  );
});

const number = (address: string): number => address.split('.').reduce((sum, octet) => sum * 256 + Number(octet), 0);
