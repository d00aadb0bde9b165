export type Path = readonly PropertyKey[];

/** A path as `pulumi config set --path` takes it: `berth:operators.networks[0]`, `berth:secrets["basegun/logsToken"]` */
export function pathText(path: Path): string {
  return path.map(segment).join('');
}

function segment(key: PropertyKey, index: number): string {
  if (typeof key === 'number') return `[${key}]`;
  const name = String(key);
  if (index === 0) return name;
  return /^[A-Za-z_][A-Za-z0-9_-]*$/.test(name) ? `.${name}` : `[${JSON.stringify(name)}]`;
}
