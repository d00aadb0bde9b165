import type { TerraformTable } from '../../../model/terraform.ts';
import type { StateResource } from './state.ts';

/** Most resources between something and its machine: an address, an association, an interface */
const farthest = 4;

/** Returns the machine that something belongs to: it names it, or something does that names both */
export function machineOf(
  resource: StateResource,
  all: readonly StateResource[],
  { machines, links }: TerraformTable,
): StateResource | undefined {
  const way = all.filter(({ type }) => type in machines || links.includes(type));
  let reached: readonly StateResource[] = [resource];
  const seen = new Set(reached);
  for (let steps = 0; steps < farthest; steps += 1) {
    const next = way.filter((one) => !seen.has(one) && reached.some((near) => names(near, one) || names(one, near)));
    const machine = next.find(({ type }) => type in machines);
    if (machine) return machine;
    for (const one of next) seen.add(one);
    reached = next;
  }
  return undefined;
}

/** Whether a resource names another one, by its id or its address */
function names(one: StateResource, other: StateResource): boolean {
  const keys = [other.attributes.id, other.attributes.allocation_id, other.attributes.address];
  const wanted = keys.filter((key): key is string => typeof key === 'string' && key !== '');
  return holds(one.attributes, wanted, one.attributes.id);
}

const holds = (value: unknown, wanted: readonly string[], own: unknown): boolean => {
  if (typeof value === 'string') return value !== own && wanted.includes(value);
  return typeof value === 'object' && value !== null && Object.values(value).some((inner) => holds(inner, wanted, own));
};
