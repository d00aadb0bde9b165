import { systems } from 'berth:systems';
import { isMap, parseDocument } from 'yaml';
import { clouds } from '../../clouds/registry.ts';
import { environmentInput } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';
import { withScalar } from '../fileText.ts';
import { unknownName } from '../unknownName.ts';

/** A new version of a system in an environment file */
export interface VersionChange {
  stack: string;
  /** File name for messages */
  source: string;
  system: string;
  /** Part of the system with a version of its own, such as Mad's `api` */
  part?: string;
  version: string;
}

export interface Changed {
  /** Text of the whole file */
  text: string;
  /** Former version; of a part without a version of its own, the system's */
  former: string;
}

/**
 * Returns the file with another version of one system and no other change of its text
 * @throws ConfigError where the environment would be invalid with it, for example for a tag that moves
 * @throws when the file has no such system, or names no version of it
 */
export function withVersion(text: string, { stack, source, system, part, version }: VersionChange): Changed {
  // Reports invalid YAML first, with its line
  environmentInput(text, source, stack);
  const entries = parseDocument(text).getIn(['config', 'berth:systems']);
  const entry = isMap(entries) ? entries.get(system) : undefined;
  if (!isMap(entries) || !isMap(entry)) {
    const known = isMap(entries) ? entries.items.map(({ key }) => String(key)) : [];
    throw unknownName(source, 'system', system, known);
  }
  // A system that is built from a git repository names a commit instead
  const option = entry.has('version') ? 'version' : 'ref';
  const own = ['config', 'berth:systems', system, ...(part === undefined ? [option] : ['versions', part])];
  const changed = withScalar(text, own, version);
  const before = changed?.former ?? (part === undefined ? undefined : entry.get('version'));
  if (!changed || before === undefined) {
    const [name, key] = part === undefined ? [system, 'version'] : [`${system}/${part}`, `versions.${part}`];
    throw new Error(`${source} has no version of ${name}: write it at berth:systems.${system}.${key}`);
  }
  loadEnvironment(environmentInput(changed.text, source, stack), systems, clouds, { secrets: 'names' });
  return { text: changed.text, former: String(before) };
}
