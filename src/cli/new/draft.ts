import type { Finding } from './finding.ts';

/** A system before it is written: plain data, from a Compose file, a Dockerfile, an image or a repository */
export interface Draft {
  name: string;
  /** File that it is from, for the comment above the system. @default made of flags */
  from?: string;
  /** Version of its main image on this computer */
  version: string;
  /** Name of its site on this computer */
  domain: string;
  /** What the main image answers for the running version's check */
  healthPath: string;
  /** The main service first */
  services: readonly DraftService[];
  jobs: readonly DraftJob[];
  sites: readonly DraftSite[];
  database?: DraftDatabase;
  caches: readonly DraftCache[];
  buckets: readonly string[];
  /** Descriptions of its secrets by name, beside those of parts */
  secrets: Readonly<Record<string, string>>;
  /** Variables of its services that have no value: the environment's file gives them */
  asked: readonly string[];
  /** Images that are to be built on this computer, each with its folder */
  builds: readonly { image: string; context: string; dockerfile?: string }[];
  findings: readonly Finding[];
}

export interface DraftDatabase {
  kind: 'mysql' | 'postgres';
  database: string;
  user: string;
}

export interface DraftCache {
  name: string;
  /** Name of the secret with its password. @default it has none */
  password?: string;
}

/** Where a service is found from outside */
export interface DraftSite {
  service: string;
  /** Path that leads to it, with slashes at both ends */
  prefix: string;
  /** First word of its name below the domain. @default the domain itself */
  below?: string;
}

/** An image; with the system's version in it where it is the main one */
export type DraftImage = { text: string } | { prefix: string };

/** A text of which parts are known only at deployment */
export type DraftValue = readonly DraftPart[];
export type DraftPart = string | { secret: string } | { ref: string } | { site: true } | { domain: true };

export interface DraftService {
  name: string;
  image: DraftImage;
  command?: readonly string[];
  entrypoint?: string;
  env: Readonly<Record<string, DraftValue>>;
  port?: number;
  /** Of a service that answers HTTP */
  healthPath?: string;
  healthCommand?: readonly string[];
  deadlineSeconds?: number;
  calls: readonly string[];
  mounts: readonly { name: string; path: string; readOnly: boolean }[];
  secretFiles: Readonly<Record<string, string>>;
  rollout: 'colours' | 'replace';
  memoryMb: number;
  cpus?: number;
  user: string;
  stopSeconds?: number;
  stopSignal?: string;
}

/** A task: the service with another command */
export interface DraftJob {
  name: string;
  when: 'release' | { calendar: string };
  service: DraftService;
}
