import { z } from 'zod';
import type { Clouds } from '../model/cloud.ts';

export type Claim = 'domain' | 'address' | 'machine' | 'port of this computer';

/** Information about a field for error messages and checks */
export interface Guide {
  /** Allowed values, in a few words */
  allowed: string;
  /** Kind of value that may be used only once in an environment */
  claims?: Claim;
  /** Pattern of placeholder values that users must replace */
  placeholder?: string;
  /** Whether the value is the block of a role's machines */
  machines?: boolean;
}

/** Flaw of a value; the message completes "`<value>` …" */
export interface Flaw {
  message: string;
  fix?: string;
}

export interface TextField {
  /** Text for the editor's hover and the reference page */
  description: string;
  examples: readonly [string, ...string[]];
  /** Completes "is not …", for example `a domain name` */
  noun: string;
  allowed: string;
  /** Pattern that the editor checks: anchored, without flags */
  pattern: RegExp;
  /** Returns a more specific flaw than the pattern does, or rejects a value that the pattern allows */
  flaw?: (value: string) => Flaw | undefined;
  claims?: Claim;
  /** Pattern of placeholder values, which are rejected on clouds that create resources */
  placeholder?: RegExp;
}

/** Guides by schema; copies made by `.describe()`, `.optional()` and the like inherit the guide of the original */
export const guides = z.registry<Guide>();

/** Returns the schema itself with a guide added; properties that the new guide leaves out are kept */
export function guided<Schema extends z.ZodType>(schema: Schema, guide: Guide): Schema {
  guides.add(schema, { ...guides.get(schema), ...guide });
  return schema;
}

/** Descriptions that name clouds, by schema; other fields use the schema's own description */
export const descriptions = new WeakMap<z.core.$ZodType, (clouds: Clouds) => string>();

/** Returns the schema itself with a description that depends on the clouds */
export function described<Schema extends z.ZodType>(schema: Schema, text: (clouds: Clouds) => string): Schema {
  descriptions.set(schema, text);
  return schema;
}

/** Returns the schema of a text field with its pattern, error messages and description for editors */
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
