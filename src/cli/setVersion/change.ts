import { systems } from 'berth:systems';
import { isMap, isScalar, parseDocument, stringify } from 'yaml';
import { clouds } from '../../clouds/registry.ts';
import { environmentInput } from '../../config/file.ts';
import { loadEnvironment } from '../../config/load.ts';

/** A system's new version in an environment's file */
export interface Wanted {
  stack: string;
  /** The file's name, for messages */
  source: string;
  system: string;
  /** One of the system's images that has a version of its own, such as Mad's `api` */
  part?: string;
  version: string;
}

export interface Changed {
  /** The whole file */
  text: string;
  /** The version that it named before */
  former: string;
}

/**
 * The file with another version of one system; nothing else of its text changes.
 * @throws ConfigError where the environment would not be valid with it, such as for a tag that moves
 * @throws when the file has no such system, or names no version of it
 */
export function withVersion(text: string, { stack, source, system, part, version }: Wanted): Changed {
  // What is no valid YAML is told first, with its line
  environmentInput(text, source, stack);
  const entries = parseDocument(text).getIn(['config', 'berth:systems']);
  const entry = isMap(entries) ? entries.get(system) : undefined;
  if (!isMap(entries) || !isMap(entry)) {
    const known = isMap(entries) ? entries.items.map(({ key }) => String(key)).join(', ') : 'none';
    throw new Error(`${source} has no system "${system}": it has ${known}`);
  }
  // What runs from a git repository names its commit instead
  const own = () => entry.get('version', true) ?? entry.get('ref', true);
  const value = part === undefined ? own() : entry.getIn(['versions', part], true);
  if (!isScalar(value) || !value.range) {
    const [name, option] = part === undefined ? [system, 'version'] : [`${system}/${part}`, `versions.${part}`];
    throw new Error(`${source} names no version of ${name}: write it at berth:systems.${system}.${option}`);
  }
  const [start, end] = value.range;
  const changed = `${text.slice(0, start)}${scalar(version)}${text.slice(end)}`;
  loadEnvironment(environmentInput(changed, source, stack), systems, clouds, { secrets: 'names' });
  return { text: changed, former: String(value.value) };
}

/** As YAML on one line, in any place: quoted where it would be read as a number, or as more than one value */
const scalar = (version: string): string =>
  /^[\w.+-]+$/.test(version) ? stringify(version).trimEnd() : JSON.stringify(version);
