import type { Blueprint } from './blueprint.ts';
import type { Environment } from './environment.ts';

/** A variable of the environment that a provider reads */
export interface Variable {
  name: string;
  /** Others that do as well */
  or?: readonly string[];
  what: string;
  /** Where to get it */
  from: string;
  /** Counts when it is `true` */
  isSwitch?: boolean;
  /** Of several ways to log in, or set by the runner itself: alone it does not tell which is meant */
  shared?: boolean;
  /** On GitHub it is a secret; others are variables, which everybody reads */
  secret?: boolean;
  /** The runner or the workflow sets it: nobody has to */
  setByWorkflow?: boolean;
}

/** One way to log in: all of its variables, and none of another way */
export interface Login {
  name: string;
  variables: readonly [Variable, ...Variable[]];
}

/** What a provider needs to log in */
export interface Credentials {
  always: readonly Variable[];
  /** Exactly one of these; the usual one first */
  ways: readonly [Login, ...Login[]];
  /** The way of a GitHub workflow, by name: by OpenID Connect where it is there, else the one with the least rights of its own */
  onGithub: string;
  /** Whether a system on this cloud needs the provider. @default all on the cloud do */
  usedBy?(blueprint: Blueprint, environment: Environment): boolean;
  /** Whether a system on another cloud needs it too. @default none does */
  alsoUsedBy?(blueprint: Blueprint): boolean;
}
