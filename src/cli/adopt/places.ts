import type { System } from '../../model/system.ts';
import type { Finding } from '../new/finding.ts';
import { unknownName } from '../unknownName.ts';
import type { Found, FoundHost } from './found.ts';

/** What a person says of a system: `--system lostops=web:app,database` */
export interface Wanted {
  system: string;
  /** Groups of the other tool, each with the role that its machines have */
  parts: readonly { group: string; role: string }[];
}

/**
 * Reads `NAME`, or `NAME=ROLE,GROUP:ROLE`
 * @throws for another form
 */
export function wantedSystem(text: string): Wanted {
  const [, system, rest] = /^([a-z][a-z0-9-]*)(?:=(.+))?$/.exec(text) ?? [];
  const words = rest?.split(',').map((word) => /^(?:([^\s:,]+):)?([a-z][a-z0-9-]*)$/i.exec(word.trim())) ?? [];
  if (system === undefined || words.includes(null))
    throw new Error(`--system ${text}: write a system and its roles, such as shop, or shop=web,group:role`);
  return {
    system,
    parts: words.flatMap((word) => (word?.[2] === undefined ? [] : [{ group: word[1] ?? word[2], role: word[2] }])),
  };
}

/** A system with the machines that each of its roles gets */
export interface Placed {
  system: System<unknown>;
  roles: Readonly<Record<string, readonly FoundHost[]>>;
}

type Systems = Readonly<Record<string, System<unknown>>>;

/** Returns which machines each role of the wanted systems gets, and what stands in the way */
export function placed(
  found: Pick<Found, 'hosts' | 'start'>,
  wanted: readonly Wanted[],
  systems: Systems,
): { placed: readonly Placed[]; findings: readonly Finding[] } {
  const findings: Finding[] = [];
  const all = (wanted.length > 0 ? wanted : onlySystem(systems, findings, found.start)).flatMap((one) => {
    const system = systems[one.system];
    if (system) return [placedOn(system, one, found.hosts, findings)];
    const what = unknownName('the project', 'system', one.system, Object.keys(systems)).message;
    findings.push({ kind: 'refused', what, way: `write it first: ${found.start ?? `berth new ${one.system}`}` });
    return [];
  });
  const twice = found.hosts.filter((host) => rolesOf(all, host).length > 1);
  const left = found.hosts.filter((host) => rolesOf(all, host).length === 0);
  for (const host of twice)
    findings.push(
      refused(`${host.name} would be ${rolesOf(all, host).join(' and ')}, and a machine has one role`, host),
    );
  if (findings.length === 0)
    for (const { name, at, groups } of left)
      findings.push({ kind: 'left', at, what: `${name} (${groups.join(', ') || 'no group'}) gets no role` });
  return { placed: all, findings };
}

function placedOn(system: System<unknown>, wanted: Wanted, hosts: readonly FoundHost[], findings: Finding[]): Placed {
  const pairs = wanted.parts.length > 0 ? wanted.parts : pairsOf(system, hosts);
  for (const { role } of pairs)
    if (!(role in system.roles))
      findings.push(refused(unknownName(system.name, 'role', role, Object.keys(system.roles)).message));
  const roles = pairs.map(({ group, role }) => [role, membersOf(hosts, group, pairs.length)] as const);
  // Where nothing was read, that is said alone
  for (const [index, [, members]] of roles.entries())
    if (members.length === 0 && hosts.length > 0)
      findings.push(noSuchGroup(hosts, pairs[index]?.group ?? '', system.name));
  if (pairs.length === 0 && hosts.length > 0) findings.push(unclear(hosts, system));
  return { system, roles: joined(roles) };
}

const refused = (what: string, host?: FoundHost): Finding => ({ kind: 'refused', what, ...(host && { at: host.at }) });

function onlySystem(systems: Systems, findings: Finding[], start = 'berth new'): readonly Wanted[] {
  const [first, ...others] = Object.keys(systems);
  if (first !== undefined && others.length === 0) return [{ system: first, parts: [] }];
  const names = Object.keys(systems).join(', ');
  findings.push({
    ...{ kind: 'refused', what: `it is not said which system runs there: the project has ${names || 'none'}` },
    way: first === undefined ? `write one first: ${start}` : `--system ${first}; or write one first: ${start}`,
  });
  return [];
}

/** Groups that are named like roles; of a system with one role, every machine */
function pairsOf(system: System<unknown>, hosts: readonly FoundHost[]): Wanted['parts'] {
  const roles = Object.keys(system.roles);
  const groups = [...new Set(hosts.flatMap((host) => host.groups))];
  const alike = roles.flatMap((role) =>
    groups.filter((group) => plain(group) === plain(role)).map((group) => ({ group, role })),
  );
  const [only] = roles;
  return alike.length === 0 && roles.length === 1 && only !== undefined ? [{ group: only, role: only }] : alike;
}

const plain = (name: string): string => name.toLowerCase().replace(/[^a-z0-9]/g, '');

/** Hosts of a group, or the host of that name; all of them where one role alone is said and no group has its name */
function membersOf(hosts: readonly FoundHost[], group: string, pairs: number): readonly FoundHost[] {
  const own = hosts.filter(({ name, groups }) => name === group || groups.some((one) => plain(one) === plain(group)));
  return own.length === 0 && pairs === 1 ? hosts : own;
}

function joined(roles: readonly (readonly [string, readonly FoundHost[]])[]): Placed['roles'] {
  const result: Record<string, FoundHost[]> = {};
  for (const [role, hosts] of roles) result[role] = [...new Set([...(result[role] ?? []), ...hosts])];
  return result;
}

const rolesOf = (all: readonly Placed[], host: FoundHost): readonly string[] =>
  all.flatMap(({ system, roles }) =>
    Object.entries(roles).flatMap(([role, hosts]) => (hosts.includes(host) ? [`${role} of ${system.name}`] : [])),
  );

const groupsIn = (hosts: readonly FoundHost[]): string =>
  [...new Set(hosts.flatMap(({ groups }) => groups))].join(', ') || 'none';

const noSuchGroup = (hosts: readonly FoundHost[], group: string, system: string): Finding => ({
  ...{ kind: 'refused', what: `${system}: no machine is in a group ${group}; groups are ${groupsIn(hosts)}` },
  way: 'write GROUP:ROLE for each',
});

const unclear = (hosts: readonly FoundHost[], { name, roles }: System<unknown>): Finding => ({
  ...{ kind: 'refused', what: `no group (${groupsIn(hosts)}) is named like a role of ${name}` },
  way: `--system ${name}=GROUP:ROLE,… with its roles ${Object.keys(roles).join(', ')}`,
});
