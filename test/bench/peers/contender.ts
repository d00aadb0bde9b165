import type { TenantHost } from '../../e2e/existing/host.ts';
import type { Wire } from './wire.ts';

export const versions = ['3.3.0', '3.3.1'] as const;
export type Version = (typeof versions)[number];

/** State that a tool is asked for */
export interface Desired {
  version: Version;
  /** Whether a second network may administer the machine: one line of one file more, the rules of its firewall */
  secondNetwork: boolean;
}

/** A machine, and how a tool reaches it */
export interface Target {
  host: TenantHost;
  wire: Wire;
}

/** A tool that people deploy with, and its project */
export interface Contender {
  name: string;
  /** Brings a machine to a state, as one command of a person does */
  deploy(to: Target, desired: Desired): Promise<void>;
  /** Rows that it can't be asked for, with the reason. @default none */
  without?: Partial<Record<RowName, string>>;
  /** Whether it shares its machine with a tool that remembers what it released. @default false */
  stateless?: boolean;
  /** Removes everything of it from a machine, so that only images are left */
  reset(to: Target): Promise<void>;
  /** Ends what it keeps between two commands, such as an open connection */
  rest?(): Promise<void>;
}

export type RowName = 'nothing' | 'file' | 'version' | 'first';
