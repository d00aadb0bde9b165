import { expect, test } from 'vitest';
import { failedChanges } from '../../../../src/cli/deploy/failedChanges.ts';

const urn = (type: string, name: string) => `urn:pulumi:prod::berth::berth:system:System$${type}::${name}`;
const machine = 'openstack:compute/instance:Instance';
const ready = 'command:remote:Command';

const stack = (...resources: { urn: string; custom?: boolean; initErrors?: string[] }[]) => ({
  version: 3,
  deployment: { resources },
});
const reason = ['unexpected state ACTIVE, wanted VERIFY_RESIZE'];

test('a machine whose change failed half way is read again, and so is what else failed', () => {
  const failed = [
    { urn: urn(machine, 'mad-api-0'), custom: true, initErrors: reason },
    { urn: urn('openstack:networking/subnet:Subnet', 'mad'), custom: true, initErrors: reason },
  ];
  const well = { urn: urn(ready, 'mad-api-0-ready') };
  expect(failedChanges(stack(...failed, well))).toEqual(failed.map((one) => one.urn));
});

test('a machine that was never ready is not: it is created again', () => {
  expect(failedChanges(stack({ urn: urn(machine, 'mad-api-0'), custom: true, initErrors: reason }))).toEqual([]);
});

test('a stack without resources, or without failures, has nothing to read again', () => {
  expect(failedChanges({ deployment: {} })).toEqual([]);
  expect(failedChanges(stack({ urn: urn(machine, 'mad-api-0') }))).toEqual([]);
});
