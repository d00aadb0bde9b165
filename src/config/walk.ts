import { z } from 'zod';
import { type Guide, guides } from './guide.ts';
import type { Path } from './path.ts';

type Schema = z.core.$ZodType;

/** A schema without the wrappers that make it optional, and the merged guide of both */
export interface Node {
  schema: Schema;
  guide: Guide | undefined;
}

/** Returns the schema and guide at a path; `undefined` for an unknown path */
export function nodeAt(schema: Schema, value: unknown, path: Path): Node | undefined {
  const node = unwrapped(schema);
  const [key, ...rest] = path;
  if (key === undefined) return node;
  const child = childOf(node.schema, value, key);
  return child && nodeAt(child, member(value, key), rest);
}

/** Calls the callback for every value that has a guide in the schema */
export function visit(
  schema: Schema,
  value: unknown,
  callback: (guide: Guide, value: unknown, path: Path) => void,
  path: Path = [],
): void {
  const node = unwrapped(schema);
  if (node.guide) callback(node.guide, value, path);
  if (typeof value !== 'object' || value === null) return;
  for (const key of Array.isArray(value) ? value.keys() : Object.keys(value)) {
    const child = childOf(node.schema, value, key);
    if (child) visit(child, member(value, key), callback, [...path, key]);
  }
}

/** Returns the variant of a union that the value's discriminating key selects */
export function variantOf(union: z.ZodDiscriminatedUnion, value: unknown): Schema | undefined {
  const chosen = member(value, union.def.discriminator);
  return union.options.find((option) =>
    literalsOf(option, union.def.discriminator).some((literal) => literal === chosen),
  );
}

/** Returns the values of the discriminating key in a variant */
export function literalsOf(variant: Schema, discriminator: string): readonly unknown[] {
  const field = childOf(variant, undefined, discriminator);
  return field instanceof z.ZodLiteral ? [...field.values] : [];
}

/** Returns the keys of a strict object */
export const keysOf = (schema: Schema | undefined): readonly string[] =>
  schema instanceof z.ZodObject ? Object.keys(schema.shape) : [];

/** Returns the member of a block or list; `undefined` if there is none */
export function member(value: unknown, key: PropertyKey): unknown {
  if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined;
  return Reflect.get(value, key);
}

/** Returns the value at a path; `undefined` if there is none */
export const valueAt = (root: unknown, path: Path): unknown => path.reduce<unknown>(member, root);

/** Returns the names of a file's systems, even if their entries are invalid */
export function systemNames(config: unknown): readonly string[] {
  const entries = member(config, 'berth:systems');
  return typeof entries === 'object' && entries !== null ? Object.keys(entries) : [];
}

/** Returns the cloud with a name from a file; `undefined` if the value is not the name of a cloud */
export const cloudNamed = <Cloud>(clouds: Readonly<Record<string, Cloud>>, name: unknown): Cloud | undefined =>
  typeof name === 'string' && Object.hasOwn(clouds, name) ? clouds[name] : undefined;

/** Returns the cloud of each system in a file, even if the entries are invalid */
export const cloudsIn = <Cloud>(
  clouds: Readonly<Record<string, Cloud>>,
  config: unknown,
): readonly (Cloud | undefined)[] =>
  systemNames(config).map((name) => cloudNamed(clouds, valueAt(config, ['berth:systems', name, 'cloud'])));

function unwrapped(schema: Schema): Node {
  const guide = guides.get(schema);
  const wraps =
    schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault;
  if (!wraps) return { schema, guide };
  const inner = unwrapped(schema.unwrap());
  // The wrapper's guide overrides that of the field
  return { schema: inner.schema, guide: (guide && { ...inner.guide, ...guide }) || inner.guide };
}

function childOf(schema: Schema, value: unknown, key: PropertyKey): Schema | undefined {
  if (schema instanceof z.ZodArray) return schema.element;
  if (schema instanceof z.ZodRecord) return schema.valueType;
  if (schema instanceof z.ZodObject) return Object.hasOwn(schema.shape, key) ? schema.shape[String(key)] : undefined;
  if (schema instanceof z.ZodUnion && !(schema instanceof z.ZodDiscriminatedUnion))
    return schema.options.map((option) => childOf(option, value, key)).find((child) => child !== undefined);
  if (!(schema instanceof z.ZodDiscriminatedUnion)) return undefined;
  const chosen = variantOf(schema, value);
  const children = (chosen ? [chosen] : schema.options).map((option) => childOf(option, value, key));
  return children.find((child) => child !== undefined);
}
