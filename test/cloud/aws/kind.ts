import type * as pulumi from '@pulumi/pulumi';
import type { Account } from './account.ts';

/** What a type of resource becomes: the calls of its provider, and what the account has of it afterwards */
export interface Kind<Inputs> {
  /** Makes the resource, with its own tags and those that the provider adds; returns its id and its outputs */
  make(aws: Account, inputs: Inputs, tags: Tags): Promise<{ id: string } & Record<string, unknown>>;
  /** Returns the inputs as the account has them now */
  read(aws: Account, id: string, inputs: Inputs): Promise<{ [Key in keyof Inputs]?: unknown }>;
  /** Inputs that the provider alone reads: they are not part of a call that makes the resource */
  own?: readonly (keyof Inputs)[];
  /** Inputs whose calls are made and that moto does not tell afterwards, or not always */
  untold?: readonly (keyof Inputs)[];
}

export type Tags = Readonly<Record<string, string>>;

/** Arguments once all is known. One that a resource does not have is undefined: botocore tells what an API misses */
type Known<T> = T extends readonly (infer Entry)[]
  ? readonly Known<NonNullable<Entry>>[]
  : T extends object
    ? { [Key in keyof T]-?: Known<NonNullable<T[Key]>> }
    : T;

/** Declares a kind by the arguments of its resource in the SDK */
export const kind = <Args>(made: Kind<Known<pulumi.Unwrap<Args>>>): Kind<never> => made as unknown as Kind<never>;

/** Tags as most services have them */
export const tagList = (tags: Tags) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

/** The tags of a new resource of EC2 */
export const tagged = (type: string, tags: Tags) => [{ ResourceType: type, Tags: tagList(tags) }];

/** Tags of a service's answer as the inputs have them */
export const tagsOf = (list: readonly { Key?: string; Value?: string }[] = []): Tags =>
  Object.fromEntries(list.map(({ Key = '', Value = '' }) => [Key, Value]));

/** Inputs under the names of the APIs: `fromPort` is `FromPort` there */
export const pascal = (value: unknown): unknown => renamed(value, (key) => key.charAt(0).toUpperCase() + key.slice(1));

/** Answers of the APIs under the names of inputs */
export const camel = (value: unknown): unknown => renamed(value, (key) => key.charAt(0).toLowerCase() + key.slice(1));

function renamed(value: unknown, name: (key: string) => string): unknown {
  if (Array.isArray(value)) return value.map((inner) => renamed(inner, name));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [name(key), renamed(inner, name)]));
}

/** The only one of a list that an API answers with */
export function only<T>(list: readonly T[] | undefined, what: string): T {
  const [first] = list ?? [];
  if (first === undefined || list?.length !== 1)
    throw new Error(`${list?.length ?? 0} of ${what}, and one was expected`);
  return first;
}

/** What an API answers of a part of the inputs, no more than the part says: an API tells its defaults too */
export const said = (found: unknown, part: object): object =>
  Object.fromEntries(Object.keys(part).map((key) => [key, (found as Record<string, unknown> | undefined)?.[key]]));
