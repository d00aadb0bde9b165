import type { Properties } from './values.ts';

/** What every call about one resource knows and may use. */
export interface CallContext {
  urn: string;
  name: string;
  /** A preview changes nothing; what only the real run will know is UNKNOWN in the state it gives. */
  preview: boolean;
  /** Aborted once the user asks the engine to stop. */
  signal: AbortSignal;
  log(message: string, options?: LogOptions): Promise<void>;
}

export interface LogOptions {
  /** @default 'info' */
  severity?: 'debug' | 'info' | 'warning' | 'error';
  /** Shown beside the resource while it is worked on, then forgotten. @default false */
  ephemeral?: boolean;
}

export interface CheckContext {
  urn: string;
  name: string;
  /** Gives the same random names again when an operation is repeated. */
  randomSeed?: Uint8Array;
}

export interface CheckFailure {
  /** The property's path; empty for the resource as a whole. */
  property: string;
  reason: string;
}

export interface CheckResult {
  /** The inputs with their defaults filled in. */
  inputs: Properties;
  failures?: readonly CheckFailure[];
}

/** Each function gets properties with secrets wrapped and hands them back wrapped; without `update` any change replaces. */
export interface ResourceHandler {
  /** Top-level inputs whose change replaces the resource. */
  replaceOn?: readonly string[];
  /** Top-level inputs whose change is no change. */
  diffIgnores?: readonly string[];
  /** @default false */
  deleteBeforeReplace?: boolean;
  check?(news: Properties, olds: Properties | undefined, context: CheckContext): CheckResult | Promise<CheckResult>;
  create(inputs: Properties, context: CallContext): Promise<{ id: string; state: Properties }>;
  /** What is there now; undefined when it is gone. Without it a refresh believes the state. On import `state` and `inputs` are empty. */
  read?(id: string, state: Properties, inputs: Properties, context: CallContext): Promise<ReadResult | undefined>;
  /** `olds` is the former state. Gives the new state. */
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
  /** By type token, such as `berthlocal:index:Machine`. */
  resources: Record<string, ResourceHandler>;
  /** What a program may ask, by token; each is called in previews too, so it changes nothing. @default none */
  functions?: Readonly<Record<string, (inputs: Properties) => Promise<Properties>>>;
  /** The refusal of a type that is not served. @default names the type and the types that are */
  refuse?(token: string): string;
  /** Called once with the provider's own settings, before any resource. */
  configure?(config: Properties): void | Promise<void>;
}

/** Thrown by create, update or read when something was made but is not as asked: it is kept in the state and the next `up` updates it. */
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
