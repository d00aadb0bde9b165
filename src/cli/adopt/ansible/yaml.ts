import { recordOf } from '../../new/compose/merge.ts';
import type { YamlFile } from '../yamlFile.ts';
import { type Inventory, InventoryMaker, type Variables } from './groups.ts';
import { expanded } from './ranges.ts';

type Path = readonly string[];

/** Reads an inventory in YAML, or what `ansible-inventory --list` prints of one of any kind */
export function yamlInventory({ data, at, findings }: YamlFile): Inventory {
  const made = new InventoryMaker();
  made.findings.push(...findings);
  if (findings.length > 0) return made;
  const top = recordOf(data);
  if ('plugin' in top) {
    const way = 'give what `ansible-inventory -i <it> --list` prints: it has the hosts';
    made.refuse(at('plugin'), 'is an inventory that is asked of a cloud, and names no host', way);
    return made;
  }
  const hostVariables = recordOf(recordOf(top._meta).hostvars);
  for (const [name, body] of Object.entries(top)) if (name !== '_meta') readGroup(made, at, name, body, [name]);
  for (const [host, variables] of Object.entries(hostVariables)) {
    const own = variablesAt(variables, at, ['_meta', 'hostvars', host]);
    if (made.hosts[host]) Object.assign(made.hosts[host].variables, own);
  }
  return made;
}

function readGroup(made: InventoryMaker, at: YamlFile['at'], name: string, body: unknown, path: Path): void {
  const group = made.group(name);
  if (body === null || body === undefined) return;
  const { hosts, children, vars, ...rest } = recordOf(body);
  const unknown = Object.keys(rest);
  if (typeof body !== 'object' || unknown.length > 0) {
    const what = unknown.length > 0 ? `has ${unknown.join(', ')}` : 'is not a block';
    made.refuse(at(...path), `group ${name} ${what}`, 'a group has hosts, children and vars');
  }
  Object.assign(group.variables, variablesAt(vars, at, [...path, 'vars']));
  // A list is what `ansible-inventory --list` prints
  const entries = Array.isArray(hosts) ? hosts.map((host) => [`${host}`, undefined]) : Object.entries(recordOf(hosts));
  for (const [pattern, variables] of entries as [string, unknown][]) {
    const place = at(...path, 'hosts', pattern);
    const names = expanded(pattern);
    if (!names) made.refuse(place, `${pattern} is no host, and no range such as web[01:03]`);
    for (const host of names ?? [])
      made.host(host, name, place, variablesAt(variables, at, [...path, 'hosts', pattern]));
  }
  const below = Array.isArray(children)
    ? children.map((child) => [`${child}`, undefined])
    : Object.entries(recordOf(children));
  for (const [child, inner] of below as [string, unknown][]) {
    group.children.push(child);
    readGroup(made, at, child, inner, [...path, 'children', child]);
  }
}

/** Returns the variables of a block, each with its place */
export const variablesAt = (data: unknown, at: YamlFile['at'], path: Path = []): Variables =>
  Object.fromEntries(Object.entries(recordOf(data)).map(([name, value]) => [name, { value, at: at(...path, name) }]));
