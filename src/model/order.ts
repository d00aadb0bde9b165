import type { Blueprint } from './blueprint.ts';
import { callsBetween } from './openings.ts';

type Ordered = Pick<Blueprint, 'roles' | 'rules'>;

/**
 * Returns for each role the roles that are released before it: those that it calls, and those that its system names.
 * Caches and balancers that the cloud runs have no releases.
 */
export function rolesBefore({ roles, rules }: Ordered): Readonly<Record<string, readonly string[]>> {
  const calls = callsBetween(rules);
  const of = (role: string): readonly string[] => [
    ...calls.filter(({ from }) => from === role).map(({ to }) => to),
    ...(roles[role]?.after ?? []),
  ];
  const before = (role: string): readonly string[] => [
    ...new Set(of(role).filter((other) => other !== role && other in roles)),
  ];
  return Object.fromEntries(Object.keys(roles).map((role) => [role, before(role)]));
}

/**
 * Returns the roles of a blueprint in release order: a role comes after the roles that it calls, otherwise as declared
 * @throws when roles call each other in a circle
 */
export function releaseOrder(blueprint: Ordered): readonly string[] {
  const before = rolesBefore(blueprint);
  const order: string[] = [];
  const visit = (role: string, path: readonly string[]): void => {
    if (order.includes(role)) return;
    if (path.includes(role)) throw new Error(`roles call each other in a circle: ${[...path, role].join(' → ')}`);
    for (const called of before[role] ?? []) visit(called, [...path, role]);
    order.push(role);
  };
  for (const role of Object.keys(blueprint.roles)) visit(role, []);
  return order;
}
