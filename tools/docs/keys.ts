import { type Definitions, type Resolved, resolved, type Schema } from './reference.ts';

type Step = string | number;

/** A key of an environment file */
export interface Key {
  /** Of its value: a list's first entry is `0`, an entry whose name is free has an example's */
  path: readonly Step[];
  /** As people write it: `hosts[].address`, `buckets.<name>` */
  name: string;
  /** What its value is; the variants of a value that is one of several */
  variants: readonly Resolved[];
  required: boolean;
  description: string;
  /** Where the same block was described before */
  sameAs?: string;
  /** Values of other keys with which alone it is known, such as `tls: acme` */
  only?: string;
  /** Those values, by their names */
  beside: Readonly<Record<string, unknown>>;
}

/** The keys in a block, each before those below it. A block that several keys share is told once */
export function keysIn(block: Schema, definitions: Definitions): readonly Key[] {
  const told = new Map<string, string>();
  const under = (schema: Schema, path: readonly Step[], name: string): readonly Key[] => {
    const variants = variantsOf(schema, definitions);
    return variants.flatMap((variant) => [
      ...members(variant, variants.length > 1, definitions).flatMap((member) => {
        const dot = name === '' ? '' : '.';
        return one(member, [...path, member.key], `${name}${dot}${member.key}`);
      }),
      ...(variant.items ? under(variant.items, [...path, 0], `${name}[]`) : []),
      ...(typeof variant.additionalProperties === 'object'
        ? under(variant.additionalProperties, [...path, 'example'], `${name}${name === '' ? '' : '.'}<name>`)
        : []),
    ]);
  };
  const one = (member: Member, path: readonly Step[], name: string): readonly Key[] => {
    const own = resolved(member.schema, definitions);
    const variants = variantsOf(member.schema, definitions);
    const block = variants.some(hasKeys(definitions)) ? blockOf(own, definitions) : undefined;
    const former = undefined as string | undefined;
    if (block !== undefined && former === undefined) told.set(block, name);
    const { required, beside } = member;
    const key = { path, name, variants, required, beside, description: own.description ?? '' };
    const only = Object.entries(beside).map(([other, value]) => `${other}: ${value}`);
    const whole = { ...key, ...(former && { sameAs: former }), ...(only.length > 0 && { only: only.join(', ') }) };
    return former === undefined ? [whole, ...under(member.schema, path, name)] : [whole];
  };
  return merged(under(block, [], ''));
}

interface Member {
  key: string;
  schema: Schema;
  required: boolean;
  beside: Readonly<Record<string, unknown>>;
}

/** Keys of one variant; beside the value that tells it from the other variants, where it has one */
function members(variant: Resolved, several: boolean, definitions: Definitions): readonly Member[] {
  const entries = Object.entries(variant.properties ?? {});
  const constants = entries.map(([key, schema]) => [key, resolved(schema, definitions).const] as const);
  const beside = Object.fromEntries(several ? constants.filter(([, value]) => value !== undefined) : []);
  return entries.map(([key, schema]) => ({
    ...{ key, schema, required: variant.required?.includes(key) ?? false },
    beside: key in beside ? {} : beside,
  }));
}

/** Of the variants of a block: a key that all have is told once, without what it stands beside */
function merged(keys: readonly Key[]): readonly Key[] {
  const names = new Map<string, Key[]>();
  for (const key of keys) names.set(key.name, [...(names.get(key.name) ?? []), key]);
  return [...names.values()].map(([first, ...others]) => {
    if (first === undefined) throw new Error('a key has a name');
    if (others.length === 0) return first;
    const { only: _, sameAs, ...rest } = first;
    const variants = [first, ...others].flatMap((key) => key.variants);
    const distinct = variants.filter((one, at) => variants.findIndex((other) => same(one, other)) === at);
    return { ...rest, variants: distinct, ...(sameAs && { sameAs }) };
  });
}

const same = (one: unknown, other: unknown): boolean => JSON.stringify(one) === JSON.stringify(other);

const variantsOf = (schema: Schema, definitions: Definitions): readonly Resolved[] => {
  const own = resolved(schema, definitions);
  const several = own.oneOf ?? own.anyOf;
  return several ? several.flatMap((variant) => variantsOf(variant, definitions)) : [own];
};

const hasKeys =
  (definitions: Definitions) =>
  (variant: Resolved): boolean => {
    if (variant.properties) return true;
    const { items, additionalProperties } = variant;
    const below = items ?? (typeof additionalProperties === 'object' ? additionalProperties : undefined);
    return below !== undefined && variantsOf(below, definitions).some(hasKeys(definitions));
  };

/** Two blocks are one where they have the same keys: what each says of itself may differ */
function blockOf({ description: _, shared: __, ...own }: Resolved, definitions: Definitions): string {
  return JSON.stringify([own, own.items && resolved(own.items, definitions).properties]);
}
