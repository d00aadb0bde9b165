import type { Finding, Place } from '../../new/finding.ts';

export interface Variable {
  value: unknown;
  at: Place;
}

export type Variables = Readonly<Record<string, Variable>>;

/** An inventory as its file has it, before variables are looked up */
export interface Inventory {
  groups: Readonly<Record<string, Group>>;
  /** Of hosts, by name */
  hosts: Readonly<Record<string, { at: Place; variables: Variables }>>;
  findings: readonly Finding[];
}

export interface Group {
  hosts: readonly string[];
  children: readonly string[];
  variables: Variables;
}

/** Collects an inventory while its file is read */
export class InventoryMaker {
  readonly groups: Record<string, { hosts: string[]; children: string[]; variables: Record<string, Variable> }> = {};
  readonly hosts: Record<string, { at: Place; variables: Record<string, Variable> }> = {};
  readonly findings: Finding[] = [];

  group(name: string) {
    this.groups[name] ??= { hosts: [], children: [], variables: {} };
    return this.groups[name];
  }

  host(name: string, group: string, at: Place, variables: Variables = {}): void {
    this.hosts[name] ??= { at, variables: {} };
    Object.assign(this.hosts[name].variables, variables);
    const { hosts } = this.group(group);
    if (!hosts.includes(name)) hosts.push(name);
  }

  refuse(at: Place, what: string, way?: string): void {
    this.findings.push({ kind: 'refused', at, what, ...(way !== undefined && { way }) });
  }
}

/**
 * Returns the groups of a host, with those that contain its groups, as variables are overridden: `all` first, then those
 * that contain others, by name where they are equally deep
 */
export function groupsOf({ groups }: Pick<Inventory, 'groups'>, host: string): readonly string[] {
  const found = new Map<string, number>();
  const own = Object.keys(groups).filter((name) => name !== 'all' && groups[name]?.hosts.includes(host));
  const depths = depthsOf(groups);
  const add = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) return;
    found.set(name, depths.get(name) ?? 1);
    for (const [parent, { children }] of Object.entries(groups))
      if (parent !== 'all' && children.includes(name)) add(parent, [...above, name]);
  };
  for (const name of own) add(name, []);
  const inOrder = [...found].sort(([a, x], [b, y]) => x - y || (a < b ? -1 : 1)).map(([name]) => name);
  return ['all', ...inOrder];
}

/** How many groups stand above each one */
function depthsOf(groups: Inventory['groups']): ReadonlyMap<string, number> {
  const depths = new Map<string, number>();
  const walk = (name: string, above: readonly string[]): void => {
    if (above.includes(name)) return;
    depths.set(name, Math.max(depths.get(name) ?? 0, above.length + 1));
    for (const child of groups[name]?.children ?? []) walk(child, [...above, name]);
  };
  for (const name of Object.keys(groups)) if (name !== 'all') walk(name, []);
  return depths;
}
