export type Path = readonly PropertyKey[];

/**
 * Returns a path in the form of `pulumi config set --path`: `berth:operators.networks[0]`,
 * `berth:secrets["basegun/logsToken"]`
 */
export function pathText(path: Path): string {
  return path.map(segment).join('');
}

function segment(key: PropertyKey, index: number): string {
  if (typeof key === 'number') return `[${key}]`;
  const name = String(key);
  if (index === 0) return name;
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
