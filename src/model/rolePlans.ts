import { lastSlot } from './address.ts';
import type { Blueprint, Declaration, DeclaredRole, Role } from './blueprint.ts';
import { monitoringPlan, monitoringRole } from './monitoring.ts';
import { pinsOf } from './pins.ts';
import type { RolePlan, System } from './system.ts';

/**
 * Returns the blueprint of a declaration: adds each role's planned address slot and option, and the pins
 * @param options from which the declaration was made
 * @throws for a mistake in the system's code: a role without a plan, an invalid slot, or two roles with one slot
 */
export const planned = (
  system: Pick<System<never>, 'name' | 'roles' | 'pins'>,
  declared: Declaration,
  options: unknown,
): Blueprint => ({
  ...declared,
  roles: placedRoles({ ...system, roles: withMonitoring(system.roles, declared.roles) }, declared.roles),
  pins: pinsOf(system.pins, options),
});

/** The machine that watches the others has addresses without the system's doing */
const withMonitoring = (
  plans: Readonly<Record<string, RolePlan>>,
  roles: Readonly<Record<string, DeclaredRole>>,
): Readonly<Record<string, RolePlan>> =>
  monitoringRole in roles && !(monitoringRole in plans) ? { ...plans, [monitoringRole]: monitoringPlan } : plans;

function placedRoles(
  { name, roles: plans }: Pick<System<never>, 'name' | 'roles'>,
  roles: Readonly<Record<string, DeclaredRole>>,
): Readonly<Record<string, Role>> {
  for (const [role, { slot }] of Object.entries(plans)) {
    if (!Number.isInteger(slot) || slot < 0 || slot > lastSlot)
      throw new Error(`system ${name}: role ${role} has slot ${slot}; a slot is a whole number from 0 to ${lastSlot}`);
    const other = Object.keys(plans).find((one) => one !== role && plans[one]?.slot === slot);
    if (other !== undefined) throw new Error(`system ${name}: roles ${role} and ${other} have slot ${slot} both`);
  }
  return Object.fromEntries(
    Object.entries(roles).map(([role, declared]) => {
      const plan = plans[role];
      if (!plan) throw new Error(`system ${name} has a role ${role}: add it to the system's \`roles\`, with a slot`);
      return [role, { ...declared, slot: plan.slot, option: plan.option ?? role }];
    }),
  );
}
