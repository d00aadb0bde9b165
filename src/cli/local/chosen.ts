import { unknownName } from '../unknownName.ts';

interface Given {
  /** Systems of the committed file */
  declared: readonly string[];
  /** Systems that the stack currently has */
  standing: readonly string[];
  /** Systems that were named; empty means all */
  named: readonly string[];
  direction: 'up' | 'down';
}

/** Returns the systems that the stack will have; those that are not named stay as they are */
export function chosenSystems({ declared, standing, named, direction }: Given): readonly string[] {
  if (named.length === 0) return direction === 'up' ? declared : [];
  const stays = (name: string): boolean =>
    direction === 'up'
      ? named.includes(name) || standing.includes(name)
      : standing.includes(name) && !named.includes(name);
  return declared.filter(stays);
}

/** @throws for a name that is not among the available systems */
export function refuseUnknown(named: readonly string[], available: readonly string[]): void {
  const unknown = named.filter((name) => !available.includes(name));
  if (unknown.length === 0) return;
  throw unknownName('the stack local', 'system', unknown.join('", "'), [...new Set(available)].sort());
}
