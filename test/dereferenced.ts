interface Schema {
  definitions?: Record<string, unknown>;
  [keyword: string]: unknown;
}

/** Returns a JSON Schema without references and `allOf`, as an editor sees it: each stands as what it refers to */
export function dereferenced(schema: Schema): Schema {
  const { definitions = {}, ...root } = schema;
  const plain = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(plain);
    if (typeof value !== 'object' || value === null) return value;
    const { $ref, allOf = [], ...own } = value as { $ref?: string; allOf?: readonly unknown[] };
    const targets = [...allOf, ...($ref === undefined ? [] : [definitions[$ref.replace('#/definitions/', '')]])];
    return Object.fromEntries([
      ...targets.flatMap((target) => Object.entries(Object(plain(target)))),
      ...Object.entries(own).map(([key, inner]) => [key, plain(inner)]),
    ]);
  };
  return plain(root) as Schema;
}
