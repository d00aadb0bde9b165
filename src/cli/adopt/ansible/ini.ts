import type { Place } from '../../new/finding.ts';
import { type Inventory, InventoryMaker, type Variable, type Variables } from './groups.ts';
import { expanded } from './ranges.ts';

/** Reads an inventory in Ansible's own form of INI, in which a line of a group is a host with its variables */
export function iniInventory(text: string, file: string): Inventory {
  const made = new InventoryMaker();
  let section = { group: 'ungrouped', kind: 'hosts' };
  for (const [index, raw] of text.split('\n').entries()) {
    const line = raw.trim();
    const at: Place = { file, line: index + 1 };
    if (line === '' || /^[#;]/.test(line)) continue;
    if (line.startsWith('[')) section = sectionOf(made, line, at) ?? section;
    else reader[section.kind]?.(made, section.group, line, at);
  }
  for (const { children } of Object.values(made.groups)) for (const child of children) made.group(child);
  return made;
}

type Reader = (made: InventoryMaker, group: string, line: string, at: Place) => void;

const reader: Readonly<Record<string, Reader>> = {
  hosts,
  vars: variable,
  children: (made, group, line) => made.group(group).children.push(wordsOf(line)[0] ?? line),
};

function sectionOf(made: InventoryMaker, line: string, at: Place): { group: string; kind: string } | undefined {
  const [, group, kind = 'hosts'] = /^\[([^:\]]+)(?::(\w+))?\]\s*(?:[#;].*)?$/.exec(line) ?? [];
  if (group !== undefined && kind in reader) {
    made.group(group.trim());
    return { group: group.trim(), kind };
  }
  made.refuse(at, `${line} is no section of an inventory`, 'write [group], [group:vars] or [group:children]');
  return undefined;
}

function variable(made: InventoryMaker, group: string, line: string, at: Place): void {
  const [, name, value = ''] = /^(\w+)\s*=\s*(.*)$/.exec(line) ?? [];
  if (name === undefined) made.refuse(at, `${shown(line)} is no variable: it has no =`);
  else made.group(group).variables[name] = { value: unquoted(value), at };
}

function hosts(made: InventoryMaker, group: string, line: string, at: Place): void {
  const [pattern = '', ...words] = wordsOf(line);
  const [, name = pattern, port] = /^([^:]*(?:\[[^\]]*\][^:]*)*):(\d+)$/.exec(pattern) ?? [];
  const names = expanded(name);
  if (!names || name === '') {
    made.refuse(at, `${shown(pattern)} is no host, and no range such as web[01:03]`);
    return;
  }
  const wrong = words.filter((word) => !/^\w+=/.test(word));
  if (wrong.length > 0) {
    const way = 'a host has a line of its own, then name=value';
    made.refuse(at, `${wrong.map(shown).join(', ')} after ${name} is no variable: it has no =`, way);
    return;
  }
  const own = words.map((word): [string, Variable] => {
    const at_ = word.indexOf('=');
    return [word.slice(0, at_), { value: unquoted(word.slice(at_ + 1)), at }];
  });
  const variables: Variables = {
    ...(port !== undefined && { ansible_port: { value: port, at } }),
    ...Object.fromEntries(own),
  };
  for (const host of names) made.host(host, group, at, variables);
}

/** Words of a line, quoted ones whole, up to a comment */
function wordsOf(line: string): readonly string[] {
  const words = line.match(/(?:[^\s"']+|"[^"]*"|'[^']*')+/g) ?? [];
  const comment = words.findIndex((word) => /^[#;]/.test(word));
  return comment === -1 ? words : words.slice(0, comment);
}

function unquoted(text: string): string {
  const plain = text.replace(/\s+#.*$/, '');
  const [, inner] = /^"([^"]*)"$|^'([^']*)'$/.exec(plain)?.filter((part) => part !== undefined) ?? [];
  return inner ?? (/^["']/.test(text) ? text : plain);
}

/** A line may hold a secret: only its first word is told */
const shown = (text: string): string => text.split(/[\s=]/)[0] ?? text;
