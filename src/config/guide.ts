import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';

export type Claim = 'domain' | 'address' | 'machine' | 'port of this computer';

/** What an error says of a field beside the problem itself */
export interface Guide {
  /** What is allowed, in a few words */
  allowed: string;
  /** What the value takes for itself alone: nothing else in the environment may name the same */
  claims?: Claim;
  /** A pattern of what stands in the value's place until somebody puts in their own */
  placeholder?: string;
  /** The value is the block of a role's machines */
  machines?: boolean;
}

/** What is wrong with one value: completes "`<value>` …" */
export interface Flaw {
  message: string;
  fix?: string;
}

export interface TextField {
  /** For the editor's hover and the reference page */
  description: string;
  examples: readonly [string, ...string[]];
  /** Completes "is not …", for example `a domain name` */
  noun: string;
  allowed: string;
  /** What the editor checks; without flags, anchored */
  pattern: RegExp;
  /** Says more of a value than that it doesn't match, or refuses one that does */
  flaw?: (value: string) => Flaw | undefined;
  claims?: Claim;
  /** What stands in its place until somebody puts in their own: refused where something would be made */
  placeholder?: RegExp;
}

/** The guides by schema; those that `.describe()`, `.optional()` and the like make of a field find its own */
export const guides = z.registry<Guide>();

/** The same schema with a guide; what it says no more of stays as it was */
export function guided<Schema extends z.ZodType>(schema: Schema, guide: Guide): Schema {
  guides.add(schema, { ...guides.get(schema), ...guide });
  return schema;
}

/** What editors say of a field where that names clouds, by schema; of others it is the schema's own description */
export const descriptions = new WeakMap<z.core.$ZodType, (clouds: Clouds) => string>();

/** The same schema with such a text */
export function described<Schema extends z.ZodType>(schema: Schema, text: (clouds: Clouds) => string): Schema {
  descriptions.set(schema, text);
  return schema;
}

/** A text with a form, as a schema that explains itself in errors and in editors */
export function textField(field: TextField) {
  const check = (value: string): Flaw | undefined =>
    field.flaw?.(value) ?? (field.pattern.test(value) ? undefined : { message: `is not ${field.noun}` });
  const schema = z
    .string()
    .superRefine((value, context) => {
      const flaw = check(value);
      if (flaw) context.addIssue({ code: 'custom', message: flaw.message, params: { fix: flaw.fix } });
    })
    .meta({ description: field.description, pattern: field.pattern.source, examples: [...field.examples] });
  const { allowed, claims, placeholder } = field;
  return guided(schema, {
    allowed,
    ...(claims && { claims }),
    ...(placeholder && { placeholder: placeholder.source }),
  });
}
