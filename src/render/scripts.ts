import { adoptedHost } from '../model/adopted.ts';
import type { MachineInput } from './machine.ts';
import { fileText } from './template.ts';

const names = [
  ...['lock', 'start', 'converge', 'lib', 'trial', 'bridges', 'packages'],
  ...['host', 'proxy', 'images', 'services', 'processes', 'nginx'],
  ...['certificates', 'certificates-again', 'switch', 'history', 'back', 'put-back', 'verify'],
  ...['update', 'engine'],
];

/** What a release runs on its machine, by path in its folder; an adopted one has a way to be left too */
export function hostScripts({ role, machine }: MachineInput): Readonly<Record<string, string>> {
  const all = adoptedHost(role, machine.index) ? [...names, 'retire'] : names;
  return Object.fromEntries(all.map((name) => [`scripts/${name}.sh`, fileText(`host/${name}.sh`)]));
}
