import { createHash } from 'node:crypto';
import type { MachineFact } from './facts.ts';

/** One machine of a role */
export interface MachineName {
  system: string;
  role: string;
  /** From 0 */
  index: number;
}

/** The name of a machine inside its environment, for example `basegun-web-0`: stable from release to release */
export const machineName = (machine: MachineName): string => `${machine.system}-${machine.role}-${machine.index}`;

/** The host name, unique over environments, for example `basegun-web-0-preprod` */
export const hostName = (environment: string, machine: MachineName): string => `${machineName(machine)}-${environment}`;

/** The path of a fact of a machine, for example `machines.web.0.publicAddress` */
export const machineFact = <Kind extends MachineFact>(
  role: string,
  index: number,
  kind: Kind,
): `machines.${string}.${number}.${Kind}` => `machines.${role}.${index}.${kind}`;

/** The name of a secret that belongs to a part of a system: `secretNameOf('app-logs', 'password')` is `appLogsPassword` */
export const secretNameOf = (part: string, what: string): string =>
  `${part}-${what}`.replace(/-+([a-z0-9])/gi, (_, first: string) => first.toUpperCase());

/** What a cloud allows in a kind of name */
export interface NameLimits {
  /** Characters at most, 12 or more */
  length: number;
  /** Stands between words. @default '-' */
  joiner?: string;
}

const hashLength = 6;

/**
 * The words as one name within a cloud's limits: lower-case letters, digits and the joiner. A name that had to be
 * changed or cut, or that other words would have too, ends in a hash of the words, so that two never become one.
 */
export function limitedName(words: readonly string[], { length, joiner = '-' }: NameLimits): string {
  const plain = words
    .join('-')
    .toLowerCase()
    .replace(/[^a-z0-9]+/g, joiner)
    .slice(0, length);
  const clear = joiner === '' ? words.length === 1 : words.every((word) => !word.includes(joiner));
  if (clear && plain === words.join(joiner)) return plain;
  const hash = createHash('sha256').update(JSON.stringify(words)).digest('hex').slice(0, hashLength);
  const cut = plain.slice(0, length - hashLength - joiner.length).replace(/^[^a-z0-9]+|[^a-z0-9]+$/g, '');
  return cut === '' ? hash : `${cut}${joiner}${hash}`;
}
