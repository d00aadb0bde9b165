interface Given {
  /** The systems of the committed file */
  declared: readonly string[];
  /** Those that the stack was last brought to */
  standing: readonly string[];
  /** Those that a person names; none means all */
  named: readonly string[];
  direction: 'up' | 'down';
}

/**
 * The systems that the stack is brought to: what nobody names stays as it is.
 * @throws for a name that is neither in the file nor up
 */
export function chosenSystems({ declared, standing, named, direction }: Given): readonly string[] {
  const unknown = named.filter((name) => ![...declared, ...standing].includes(name));
  if (unknown.length > 0) {
    throw new Error(`no system of the stack local is named ${unknown.join(', ')}: there are ${declared.join(', ')}`);
  }
  if (named.length === 0) return direction === 'up' ? declared : [];
  const stays = (name: string): boolean =>
    direction === 'up'
      ? named.includes(name) || standing.includes(name)
      : standing.includes(name) && !named.includes(name);
  return declared.filter(stays);
}
