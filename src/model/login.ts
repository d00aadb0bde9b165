import type { Blueprint } from './blueprint.ts';
import type { Environment } from './environment.ts';

/** An environment variable that a provider reads */
export interface LoginVariable {
  name: string;
  /** Names of variables that are accepted instead */
  or?: readonly string[];
  what: string;
  /** Where the value can be found */
  from: string;
  /** Whether the variable counts only with the value `true` */
  isSwitch?: boolean;
  /** Whether several ways to log in use it, or the runner sets it: its presence does not select a way */
  shared?: boolean;
  /** Whether it is a secret on GitHub; others are GitHub variables, which are readable */
  secret?: boolean;
  /** Whether the runner or the workflow sets it, so that no person has to */
  setByWorkflow?: boolean;
}

/** One way to log in: requires all of its variables and none of another way */
export interface CloudLogin {
  name: string;
  variables: readonly [LoginVariable, ...LoginVariable[]];
}

/** Credentials of a provider */
export interface Credentials {
  always: readonly LoginVariable[];
  /** Ways to log in, of which exactly one must be set up; the usual one first */
  ways: readonly [CloudLogin, ...CloudLogin[]];
  /**
   * Name of the way that a GitHub workflow uses: OpenID Connect where available, otherwise the one with the fewest
   * rights
   */
  onGithub: string;
  /** Whether a system on this cloud needs the provider. @default every system on the cloud does */
  usedBy?(blueprint: Blueprint, environment: Environment): boolean;
  /** Whether a system on another cloud needs it too. @default none does */
  alsoUsedBy?(blueprint: Blueprint): boolean;
}
