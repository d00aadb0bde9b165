import { systems } from 'berth:systems';
import { clouds } from '../../clouds/registry.ts';
import { environmentInput } from '../../config/file.ts';
import { type Loaded, loadEnvironment } from '../../config/load.ts';
import { withScalar } from '../fileText.ts';
import { unknownName } from '../unknownName.ts';

/** Another number of machines of a role in an environment file */
export interface CountChange {
  stack: string;
  /** File name for messages */
  source: string;
  system: string;
  role: string;
  count: number;
}

export interface Scaled {
  /** Text of the whole file */
  text: string;
  /** Former number */
  former: number;
  /** Environment that the text declares */
  loaded: Loaded;
}

/**
 * Returns the file with another number of machines of one role and no other change of its text
 * @throws ConfigError where the environment would be invalid with it, for example for a role of a single machine
 * @throws when there is no such system or role, or its machines are adopted ones
 */
export function withCount(text: string, { stack, source, system, role: name, count }: CountChange): Scaled {
  const load = (read: string): Loaded =>
    loadEnvironment(environmentInput(read, source, stack), systems, clouds, { secrets: 'names' });
  const { blueprints } = load(text);
  const blueprint = blueprints.find((one) => one.system === system);
  const names = blueprints.map((one) => one.system);
  if (!blueprint) throw unknownName(source, 'system', system, names);
  const role = blueprint.roles[name];
  if (!role) throw unknownName(system, 'role', name, Object.keys(blueprint.roles));
  const option = `berth:systems.${system}.${role.option}`;
  if (role.hosts) {
    throw new Error(`the machines of ${system}/${name} exist already: add one or remove one at ${option}.hosts`);
  }
  const changed = withScalar(text, ['config', 'berth:systems', system, role.option, 'count'], count);
  if (!changed) throw new Error(`${source} has no machines of ${system}/${name}: write them at ${option}`);
  return { text: changed.text, former: role.count, loaded: load(changed.text) };
}
