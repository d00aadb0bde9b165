import type { Blueprint } from './blueprint.ts';
import { callsBetween } from './openings.ts';

/**
 * Returns the roles of a blueprint in release order: a role comes after the roles that it calls, otherwise as declared
 * @throws when roles call each other in a circle
 */
export function releaseOrder(blueprint: Pick<Blueprint, 'roles' | 'rules'>): readonly string[] {
  const calls = new Map<string, Set<string>>();
  for (const { from, to } of callsBetween(blueprint.rules)) {
    // Caches and balancers that the cloud runs have no releases
    if (from === to || !(from in blueprint.roles && to in blueprint.roles)) continue;
    calls.set(from, (calls.get(from) ?? new Set()).add(to));
  }
  const order: string[] = [];
  const visit = (role: string, path: readonly string[]): void => {
    if (order.includes(role)) return;
    if (path.includes(role)) throw new Error(`roles call each other in a circle: ${[...path, role].join(' → ')}`);
    for (const called of calls.get(role) ?? []) visit(called, [...path, role]);
    order.push(role);
  };
  for (const role of Object.keys(blueprint.roles)) visit(role, []);
  return order;
}
