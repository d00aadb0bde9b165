import type { Reach } from '../../../model/matrix.ts';
import type { Alerts } from '../../alerts/read.ts';
import type { Pinged } from '../../ping/machines.ts';
import type { StatusReport } from '../report.ts';

/** All that the page of a stack shows, as it was at one time */
export interface PageData {
  stack: string;
  madeAt: Date;
  report: StatusReport;
  machines: readonly SeenMachine[];
  /** By system */
  monitoring: Readonly<Record<string, Monitoring>>;
  jobs: readonly JobRow[];
  /** Runs of the engine, the latest first; or why they are not known */
  deployments: readonly Deployment[] | { why: string };
  reach: readonly Reach[];
  /** Why the machines were not asked; absent where they were */
  notAsked?: string;
  /** SVG of the stack's diagram */
  diagram: string;
}

/** A machine that was logged in to, with what it has noted; both empty where the login failed */
export interface SeenMachine {
  system: string;
  pinged: Pinged;
  jobs: readonly JobRecord[];
  releases: readonly Released[];
}

/** The last run of a job on a machine. Times are in seconds since 1970, 0 for never */
export interface JobRecord {
  job: string;
  version: string;
  began: number;
  seconds: number;
  /** Empty where it did what it had to */
  result: string;
  lastSuccess: number;
  /** Metrics that its steps wrote, by name without labels */
  figures: Readonly<Record<string, number>>;
}

/** A release that went live on a machine */
export interface Released {
  at: string;
  version: string;
  by: string;
  way: string;
  seconds: number;
}

/** A declared job with its last run, of the machine where it went worst; no record where it has not run yet */
export interface JobRow {
  system: string;
  name: string;
  when: string;
  machine: string;
  /** Set for jobs that take backups, or restore one as a test */
  backup?: { of: string; does: 'take' | 'try' };
  record?: JobRecord;
}

/** A run of the engine on the stack */
export interface Deployment {
  kind: string;
  result: string;
  at: string;
  message: string;
  /** Author of the commit that it ran from; empty where that is not known */
  by: string;
  commit: string;
}

/** What the monitoring of a system told: nothing where it has none; or why it did not */
export type Monitoring =
  | { kind: 'none' }
  | { kind: 'silent'; why: string }
  | { kind: 'told'; alerts: Alerts | undefined; history: History };

/** One value a slot, the oldest first; null where there was none */
export type Series = readonly (number | null)[];

/** The last hours of a system. Names are those of sites or machines */
export interface History {
  /** Share of the requests that a site answered as it should, and the time that they took, in seconds */
  answered: Readonly<Record<string, Series>>;
  took: Readonly<Record<string, Series>>;
  /** Share of the time in which a machine's exporter answered */
  up: Readonly<Record<string, Series>>;
  /** Share of processors and memory in use */
  processors: Readonly<Record<string, Series>>;
  memory: Readonly<Record<string, Series>>;
  /** Requests per second of a machine's reverse proxy, and of those the ones with status 5xx */
  requests: Readonly<Record<string, Series>>;
  errors: Readonly<Record<string, Series>>;
  /** End of a site's certificate, in seconds since 1970 */
  certificateEnds: Readonly<Record<string, Series>>;
}
