import type { Finding, Place } from '../new/finding.ts';

/** What another tool says of machines and of what runs on them: plain data, before berth's own words */
export interface Found {
  hosts: readonly FoundHost[];
  settings: readonly Setting[];
  /** Users by the name of a registry; each has a password, which is not read */
  registries: Readonly<Record<string, string>>;
  /** Command that writes a system of such a product into the project. @default none is known */
  start?: string;
  findings: readonly Finding[];
}

export interface FoundHost {
  name: string;
  /** Groups or roles that it belongs to */
  groups: readonly string[];
  /** IPv4 address or DNS name for SSH */
  address: string;
  privateAddress?: string;
  /** @default none is said */
  user?: string;
  port?: number;
  proxy?: Jump;
  at: Place;
}

/** A bastion */
export interface Jump {
  /** IPv4 address or DNS name */
  address: string;
  user?: string;
  port?: number;
}

/** A value of the other tool that may become an option, a variable or a secret of a system */
export interface Setting {
  name: string;
  /** Names of the hosts that it is for */
  hosts: readonly string[];
  /** `hidden`: a secret, whose value is not read */
  value: unknown;
  /** Option of a system that it is by its meaning. @default found by its name */
  option?: string;
  /** Whether it is an environment variable of the application. @default told by its name */
  isVariable?: boolean;
  at: Place;
}

/** Stands in the place of a secret's value */
export const hidden: unique symbol = Symbol('a secret');

/** Whether a text is a URL with a password, or a private key */
export const hasPassword = (text: string): boolean =>
  /:\/\/[^\s/@]*:[^\s@]+@/.test(text) || text.includes('PRIVATE KEY-----');
