/**
 * Returns the error for a name that somebody gave and nothing has: `stack prod has no system "shop": it has basegun, mad`
 * @param owner what was asked for it, such as `stack prod` or a system
 * @param kind system, role, service, …
 * @param known the names that exist
 */
export function unknownName(owner: string, kind: string, name: string, known: readonly string[]): Error {
  return new Error(`${owner} has no ${kind} "${name}": it has ${known.join(', ') || 'none'}`);
}
