/** A page of the site that is made from the program */
export interface Generated {
  /** On the site, without its ending */
  path: string;
  /** In the navigation */
  label: string;
  /** Its Markdown, with links from the root of the site */
  text: string;
}

/** A schema, as JSON Schema says it: the members that the reference reads */
export interface Schema {
  $ref?: string;
  allOf?: readonly Schema[];
  anyOf?: readonly Schema[];
  oneOf?: readonly Schema[];
  type?: string;
  const?: unknown;
  enum?: readonly unknown[];
  default?: unknown;
  description?: string;
  examples?: readonly unknown[];
  properties?: Readonly<Record<string, Schema>>;
  required?: readonly string[];
  items?: Schema;
  additionalProperties?: Schema | boolean;
  minimum?: number;
  maximum?: number;
}

/** A schema with what it refers to put in, and the name under which it is shared, if it is */
export interface Resolved extends Schema {
  shared?: string;
}

export type Definitions = Readonly<Record<string, Schema>>;

export function resolved(schema: Schema, definitions: Definitions): Resolved {
  const { $ref, allOf, ...own } = schema;
  const bases = [...(allOf ?? []), ...($ref === undefined ? [] : [definitions[nameOf($ref)] ?? {}])];
  const base: Resolved = Object.assign({}, ...bases.map((one) => resolved(one, definitions)));
  const shared = $ref === undefined ? base.shared : nameOf($ref);
  return { ...base, ...own, ...(shared !== undefined && { shared }) };
}

const nameOf = (reference: string): string => reference.split('/').at(-1) ?? '';
