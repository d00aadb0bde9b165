import type { Blueprint } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import { pathText } from './path.ts';
import { member } from './walk.ts';

/** Returns reserved addresses that no machine, or only one of several, would adopt */
export function addressProblems({ system, roles }: Blueprint, { systems }: Environment): readonly Problem[] {
  const described = new Map(Object.entries(roles).map(([role, { option, ...own }]) => [option, { role, ...own }]));
  const adopting = [...described].filter(([, { address }]) => address.kind === 'reserved').map(([option]) => option);
  return Object.entries(systems[system]?.options ?? {}).flatMap(([option, options]): Problem | readonly Problem[] => {
    const address = member(options, 'address');
    const { role, count } = described.get(option) ?? { role: option, count: 0 };
    if (typeof address !== 'string' || (adopting.includes(option) && count === 1)) return [];
    const problem = { path: pathText(['berth:systems', system, option, 'address']), value: `\`${address}\`` };
    return adopting.includes(option)
      ? { ...problem, ...forOneOf(role, count) }
      : { ...problem, ...forNone(system, role, adopting) };
  });
}

const forOneOf = (role: string, count: number): Omit<Problem, 'path'> => ({
  message: `is one address, and role ${role} has ${count} machines`,
  allowed: 'an address for the only machine of a role',
  fix: 'remove it, or write count: 1',
});

const forNone = (system: string, role: string, adopting: readonly string[]): Omit<Problem, 'path'> => ({
  message: `can't be adopted: machines of role ${role} have no reserved address`,
  allowed: adopting.length > 0 ? `an address for ${adopting.join(' or ')}` : `none in system ${system}`,
  fix: 'remove it',
});
