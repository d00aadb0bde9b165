import { createHash } from 'node:crypto';
import type { MachineFact } from './facts.ts';

/** One machine of a role */
export interface MachineName {
  system: string;
  role: string;
  /** Number within the role, from 0 */
  index: number;
}

/** Returns a machine's name within its environment, for example `basegun-web-0`; it is the same in every release */
export const machineName = (machine: MachineName): string => `${machine.system}-${machine.role}-${machine.index}`;

/** Returns a machine's host name, unique across environments, for example `basegun-web-0-preprod` */
export const hostName = (environment: string, machine: MachineName): string => `${machineName(machine)}-${environment}`;

/** Returns the path of a machine's fact, for example `machines.web.0.publicAddress` */
export const machineFact = <Kind extends MachineFact>(
  role: string,
  index: number,
  kind: Kind,
): `machines.${string}.${number}.${Kind}` => `machines.${role}.${index}.${kind}`;

/** Returns the secret name for a part of a system: `secretNameOf('app-logs', 'password')` is `appLogsPassword` */
export const secretNameOf = (part: string, what: string): string =>
  `${part}-${what}`.replace(/-+([a-z0-9])/gi, (_, first: string) => first.toUpperCase());

/** A cloud's limits for one kind of name */
export interface NameLimits {
  /** Maximum number of characters, 12 or more */
  length: number;
  /** Separator of words. @default '-' */
  joiner?: string;
}

const hashLength = 6;

/**
 * Joins words to a name within a cloud's limits: lower-case letters, digits and the separator. A name ends in a hash of
 * the words where it had to be changed or cut, or where other words would give the same name, so that different words
 * never share a name.
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
