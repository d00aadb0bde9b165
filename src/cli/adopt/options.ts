import { z } from 'zod';
import type { System } from '../../model/system.ts';
import { camel } from '../new/names.ts';
import { otherNames } from './optionNames.ts';

type Schema = z.core.$ZodType;
type Path = readonly string[];

/** Options of a system by name, those of machines apart */
export interface OptionFields {
  fields: Readonly<Record<string, Schema>>;
  /** Option that decides which others there are, with its values */
  decides?: { name: string; values: readonly string[] };
}

export function optionFields({ options, roles }: Pick<System<unknown>, 'options' | 'roles'>): OptionFields {
  const machines = new Set(Object.entries(roles).map(([role, { option = role }]) => option));
  const union = options instanceof z.ZodDiscriminatedUnion ? options : undefined;
  const variants = (union?.options ?? [options]).flatMap((one) => (one instanceof z.ZodObject ? [one] : []));
  const all = variants.flatMap(({ shape }) => Object.entries(shape)) as [string, Schema][];
  const own = all.filter(([name]) => !machines.has(name) && name !== union?.def.discriminator);
  const name = union?.def.discriminator;
  const values = all.flatMap(([key, field]) =>
    key === name && field instanceof z.ZodLiteral ? [...field.values] : [],
  );
  return {
    fields: Object.fromEntries(own.reverse()),
    ...(name !== undefined && { decides: { name, values: values.map(String) } }),
  };
}

/**
 * Returns the option that a setting of another tool is by its name: the option's own, or one that others give it, also
 * after the name of the system or of a role. What begins with a role's name is that role's part of a block, if there is
 * one: `api_docker_tag` of `versions`
 */
export function optionNamed(
  name: string,
  before: { system: string; roles: readonly string[] },
  fields: OptionFields['fields'],
): string | undefined {
  const own = [camel(name)].find((one) => one in fields && one !== 'env' && one !== 'secretFiles');
  if (own !== undefined) return own;
  const [, prefix, plain = name] =
    new RegExp(`^(${[before.system, ...before.roles].join('|')})_(\\w+)$`).exec(name) ?? [];
  const ofRole = prefix !== undefined && prefix !== before.system;
  const places = Object.entries(otherNames).flatMap(([option, names]) => {
    const found = [`${option}s`, option].filter((one) => one in fields);
    const place = names.indexOf(plain.toLowerCase());
    const best = ofRole ? found[0] : found.at(-1);
    return place < 0 || best === undefined ? [] : [{ option: best, place }];
  });
  return places.sort((a, b) => a.place - b.place)[0]?.option;
}

/** A value at its place below a system's entry */
export interface Fit {
  path: Path;
  value: unknown;
}

/**
 * Returns where a value belongs: the option itself, or its part for one of these roles
 * @returns the reason where the option does not take it
 */
export function fitted(
  option: string,
  schema: Schema,
  value: unknown,
  roles: readonly string[],
): Fit | { flaw: string } {
  const text = typeof value === 'number' ? `${value}` : value;
  const tried = [value, text].find((one) => z.safeParse(schema, one).success);
  if (tried !== undefined) return { path: [option], value: tried };
  for (const role of roles) {
    const part = partOf(schema, role);
    if (part && z.safeParse(part, text).success) return { path: [option, role], value: text };
  }
  const { error } = z.safeParse(partOf(schema, roles[0] ?? '') ?? schema, text);
  return { flaw: error?.issues[0]?.message ?? 'does not fit' };
}

/** Returns where an environment variable belongs: all in `env`, or by role; undefined where nothing takes it */
export function variablePaths(env: Schema | undefined, name: string, roles: readonly string[]): readonly Path[] {
  if (env === undefined) return [];
  const sample = { [name]: 'x' };
  if (z.safeParse(env, sample).success) return [['env', name]];
  return roles
    .filter((role) => {
      const part = partOf(env, role);
      return part !== undefined && z.safeParse(part, sample).success;
    })
    .map((role) => ['env', role, name]);
}

/** Returns the options of a system that a person said, those that it has */
export function saidOptions(
  system: Pick<System<unknown>, 'options' | 'roles'>,
  said: Readonly<Record<string, string>>,
): Readonly<Record<string, string>> {
  const { fields, decides } = optionFields(system);
  return Object.fromEntries(Object.entries(said).filter(([name]) => name in fields || name === decides?.name));
}

function partOf(schema: Schema, role: string): Schema | undefined {
  if (schema instanceof z.ZodOptional || schema instanceof z.ZodExactOptional || schema instanceof z.ZodDefault)
    return partOf(schema.unwrap(), role);
  return schema instanceof z.ZodObject && Object.hasOwn(schema.shape, role)
    ? (schema.shape[role] as Schema)
    : undefined;
}
