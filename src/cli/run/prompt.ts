import type { Blueprint } from '../../model/blueprint.ts';
import { type Container, isContainer } from '../../model/service.ts';
import { unknownName } from '../unknownName.ts';

/**
 * The service of a system that has a prompt, and its commands
 * @throws where there is no such system, or it has no database of its own
 */
export function promptOf(
  blueprints: readonly Blueprint[],
  system: string,
): { service: string; prompt: NonNullable<Container['prompt']> } {
  const found = blueprints.find((one) => one.system === system);
  const names = blueprints.map((one) => one.system);
  if (!found) throw unknownName('the stack', 'system', system, names);
  const [service] = Object.values(found.roles)
    .flatMap(({ services }) => services)
    .filter(isContainer)
    .filter(({ prompt }) => prompt !== undefined);
  if (!service?.prompt) throw new Error(`${system} has no database that has a prompt`);
  return { service: service.name, prompt: service.prompt };
}
