import { expect, test } from 'vitest';
import { addressAt, machineOffset } from '../../../src/model/address.ts';
import { planned } from '../../../src/model/rolePlans.ts';
import type { RolePlan } from '../../../src/model/system.ts';
import { clouds, read, stackOf, systemNames } from '../../stack/samples.ts';
import { blueprint, role } from '../render/fixtures.ts';

const system = (roles: Record<string, RolePlan>) => ({ name: 'shop', roles, pins: [] });

test('a role has the slot and the option that its system plans for it, by default the option of its name', () => {
  const plans = system({ web: { slot: 3, option: 'machine' }, api: { slot: 0 } });
  expect(planned(plans, blueprint(), {}).roles).toMatchObject({
    web: { slot: 3, option: 'machine' },
    api: { slot: 0, option: 'api' },
  });
});

test.each([
  [{ web: { slot: 0 } }, "system shop has a role api: add it to the system's `roles`, with a slot"],
  [{ web: { slot: 2 }, api: { slot: 2 } }, 'system shop: roles web and api have slot 2 both'],
  [{ web: { slot: 14 }, api: { slot: 0 } }, 'system shop: role web has slot 14; a slot is a whole number from 0 to 13'],
])('a plan that is wrong is refused: %j', (roles, message) => {
  expect(() => planned(system(roles), blueprint(), {})).toThrow(message);
});

test('a role more, even the first, moves no machine', () => {
  const plans = system({ web: { slot: 0 }, api: { slot: 1 }, cron: { slot: 2 } });
  const before = planned(plans, blueprint({ roles: { web: role(), api: role() } }), {}).roles;
  const after = planned(plans, blueprint({ roles: { cron: role(), web: role(), api: role() } }), {}).roles;
  expect([after.web?.slot, after.api?.slot]).toEqual([before.web?.slot, before.api?.slot]);
});

/** As they were when a role's place in its blueprint decided: machines that stand keep theirs */
const standing: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  basegun: { web: '10.0.0.16' },
  lostops: { app: '10.0.0.16', database: '10.0.0.32', monitoring: '10.0.0.48' },
  mad: {
    ...{ api: '10.0.0.16', balancer: '10.0.0.32', web: '10.0.0.48', client: '10.0.0.64' },
    ...{ redis: '10.0.0.80', front: '10.0.0.96' },
  },
  catalogage: { web: '10.0.0.16' },
};

// Basegun needs S3 or Swift, which Azure does not speak
const pairs = systemNames.flatMap((name) => clouds.map((cloud) => [name, cloud] as const));

test.each(pairs.filter(([name, cloud]) => name !== 'basegun' || cloud !== 'azure'))(
  'the machines of %s keep their addresses on %s',
  (name, cloud) => {
    const [made] = read(stackOf(name, cloud), 'preprod').blueprints;
    const found = Object.entries(made?.roles ?? {}).map(([role, { slot }]) => [
      role,
      addressAt('10.0.0.0/20', machineOffset(slot, 0)),
    ]);
    expect(found.length).toBeGreaterThan(0);
    expect(standing[name]).toMatchObject(Object.fromEntries(found));
  },
);
