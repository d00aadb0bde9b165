import type { Properties } from './values.ts';

/** Information and functions for a call about one resource */
export interface CallContext {
  urn: string;
  name: string;
  /**
   * Whether this is a preview: nothing may be changed, and values known only later are UNKNOWN in the returned state
   */
  preview: boolean;
  /** Aborted when the user stops the engine */
  signal: AbortSignal;
  log(message: string, options?: LogOptions): Promise<void>;
}

export interface LogOptions {
  /** @default 'info' */
  severity?: 'debug' | 'info' | 'warning' | 'error';
  /** Whether the message is shown only while the resource is being processed. @default false */
  ephemeral?: boolean;
}

export interface CheckContext {
  urn: string;
  name: string;
  /** Seed for random names, so that a repeated operation generates the same ones */
  randomSeed?: Uint8Array;
}

export interface CheckFailure {
  /** Path of the property; empty for the resource as a whole */
  property: string;
  reason: string;
}

export interface CheckResult {
  /** Inputs with defaults filled in */
  inputs: Properties;
  failures?: readonly CheckFailure[];
}

/**
 * Functions of a resource type. They receive and return properties with secrets wrapped; without `update`, any change
 * replaces the resource.
 */
export interface ResourceHandler {
  /** Top-level inputs whose change replaces the resource */
  replaceOn?: readonly string[];
  /** Top-level inputs whose changes are ignored */
  diffIgnores?: readonly string[];
  /** @default false */
  deleteBeforeReplace?: boolean;
  check?(news: Properties, olds: Properties | undefined, context: CheckContext): CheckResult | Promise<CheckResult>;
  create(inputs: Properties, context: CallContext): Promise<{ id: string; state: Properties }>;
  /**
   * Returns the current state, or `undefined` if the resource is gone. Without it, a refresh keeps the state. On
   * import, `state` and `inputs` are empty.
   */
  read?(id: string, state: Properties, inputs: Properties, context: CallContext): Promise<ReadResult | undefined>;
  /** Returns the new state; `olds` is the former one */
  update?(id: string, olds: Properties, news: Properties, context: CallContext): Promise<Properties>;
  delete?(id: string, state: Properties, context: CallContext): Promise<void>;
}

export interface ReadResult {
  state: Properties;
  inputs: Properties;
}

export interface Provider {
  name: string;
  version: string;
  /** By type token, such as `berthlocal:index:Machine` */
  resources: Record<string, ResourceHandler>;
  /**
   * Functions that a program can call, by token. They are called in previews too, so they must not change anything.
   * @default none
   */
  functions?: Readonly<Record<string, (inputs: Properties) => Promise<Properties>>>;
  /** Returns the error for an unknown type. @default an error that names the type and the known types */
  refuse?(token: string): string;
  /** Called once with the provider's settings, before any resource */
  configure?(config: Properties): void | Promise<void>;
}

/**
 * Error of create, update or read for a resource that exists but is incomplete: it is kept in the state, and the next
 * `up` updates it
 */
export class PartialFailure extends Error {
  readonly id: string;
  readonly state: Properties;
  readonly inputs: Properties | undefined;

  constructor(message: string, made: { id: string; state: Properties; inputs?: Properties }) {
    super(message);
    this.name = 'PartialFailure';
    this.id = made.id;
    this.state = made.state;
    this.inputs = made.inputs;
  }
}
