import type { FactPath } from './facts.ts';

/**
 * A text in a blueprint, some of which is known only at deployment: a literal, a reference to a fact of the cloud, a
 * secret by name, the host name of a service beside, or a sequence of these
 */
export type Value = Part | { parts: readonly Part[] };

export type Part = string | Reference | SecretName | Neighbour;

/** A fact of the cloud by its path, for example `buckets.uploads.endpoint` */
export type Reference = { ref: FactPath };

/** A secret of the system by its name in `berth:secrets`, without the system's prefix */
export type SecretName = { secret: string };

/**
 * The host name of a service of the same role: its own name, or the address by which a program reaches it that does not
 * ask the system for names
 */
export type Neighbour = { neighbour: string };

/** Facts of the cloud by path */
export type Facts = Readonly<Record<string, string>>;

/** Secrets of one system by name */
export type Secrets = Readonly<Record<string, string>>;

/** References and secrets that a piece of plain data names, sorted, without duplicates */
export interface Needs {
  refs: readonly string[];
  secrets: readonly string[];
}

/** Returns a reference to a fact */
export const ref = (path: FactPath): Reference => ({ ref: path });

/** Returns a reference to a secret */
export const secret = (name: string): SecretName => ({ secret: name });

/** Returns the host name of a service of the same role */
export const neighbour = (service: string): Neighbour => ({ neighbour: service });

/** Path of the fact with another host name for a service of the same role */
export const neighbourFact = (service: string): string => `neighbours.${service}`;

/** Template tag for a text with references: text`http://${ref('buckets.uploads.endpoint')}/` */
export function text(strings: TemplateStringsArray, ...values: Part[]): Value {
  const parts = strings.flatMap((literal, index) => [literal, ...values.slice(index, index + 1)]);
  return { parts: parts.filter((part) => part !== '') };
}

/**
 * Returns the text of a value
 * @throws when a fact or secret that it names is unknown, which is a defect of the system or the cloud
 */
export function resolve(value: Value, facts: Facts, secrets: Secrets): string {
  if (typeof value === 'string') return value;
  if ('parts' in value) return value.parts.map((part) => resolve(part, facts, secrets)).join('');
  if ('neighbour' in value) return facts[neighbourFact(value.neighbour)] ?? value.neighbour;
  if ('ref' in value) return found(facts[value.ref], `fact ${value.ref}`);
  return found(secrets[value.secret], `secret ${value.secret}`);
}

/** Returns plain data with every value replaced by its text */
export function resolveAll(data: unknown, facts: Facts, secrets: Secrets): unknown {
  if (typeof data !== 'object' || data === null) return data;
  if (Array.isArray(data)) return data.map((item) => resolveAll(item, facts, secrets));
  if (isValue(data)) return resolve(data, facts, secrets);
  return Object.fromEntries(Object.entries(data).map(([key, value]) => [key, resolveAll(value, facts, secrets)]));
}

/** Whether an object is a value: its only key is `ref`, `secret`, `neighbour` or `parts` */
const isValue = (data: object): data is Exclude<Value, string> => {
  const keys = Object.keys(data);
  return keys.length === 1 && ['ref', 'secret', 'neighbour', 'parts'].includes(keys[0] ?? '');
};

/** Returns the references and secrets that plain data names, for example a service or a role */
export function needsOf(data: unknown): Needs {
  const refs = new Set<string>();
  const secrets = new Set<string>();
  const visit = (node: unknown): void => {
    if (typeof node !== 'object' || node === null) return;
    if ('ref' in node && typeof node.ref === 'string') refs.add(node.ref);
    if ('secret' in node && typeof node.secret === 'string') secrets.add(node.secret);
    for (const child of Object.values(node)) visit(child);
  };
  visit(data);
  return { refs: [...refs].sort(), secrets: [...secrets].sort() };
}

function found(value: string | undefined, name: string): string {
  if (value === undefined)
    throw new Error(`${name} is not known here; known are only those that the machine's own services name`);
  return value;
}
