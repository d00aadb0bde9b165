import type { Runtimes } from './runtimes.ts';
import type { Value } from './value.ts';

/** A container or process that runs on a machine */
export type Service = Container | Process;

export const isContainer = (service: Service): service is Container => service.kind === 'container';
export const isProcess = (service: Service): service is Process => service.kind === 'process';

/** Returns all environment variables of a service */
export const variablesOf = ({ env, settings }: Pick<Service, 'env' | 'settings'>): Readonly<Record<string, Value>> => ({
  ...env,
  ...settings,
});

/** A long-running container of a role */
export interface Container {
  kind: 'container';
  name: string;
  /** Reference with an immutable tag or a digest */
  image: string;
  command?: readonly string[];
  /** Entry point. @default the image's own */
  entrypoint?: string;
  /** Environment variables that the system sets */
  env: Readonly<Record<string, Value>>;
  /** Environment variables from the environment file, which may not repeat those of `env`. @default none */
  settings?: Readonly<Record<string, Value>>;
  /** Port that it listens on inside its network; absent where nothing connects to it */
  port?: number;
  /**
   * Port of the machine through which other machines reach `port`, as far as rules allow. Only with `rollout:
   * 'replace'`.
   */
  exposed?: number;
  /** Services of the same role that it reaches by their names */
  calls: readonly string[];
  /** Its configuration folder, mounted read-only */
  config?: ConfigFolder;
  /** Secret files (mode 0400, owned by its user), by absolute path inside the container */
  secretFiles?: Readonly<Record<string, Value>>;
  mounts: readonly Mount[];
  /**
   * `colours` starts the new container beside the old one; `replace` stops the old one first, for programs that cannot
   * run twice
   */
  rollout: 'colours' | 'replace';
  health?: Health;
  /** Commands that open a prompt of a database, as the application's user and as its administrator, for `berth sql` */
  prompt?: { user: readonly string[]; administrator: readonly string[] };
  /** Command that validates the configuration with the image's own program before anything changes */
  check?: readonly string[];
  /** Entry point for `check`. @default the image's own */
  checker?: string;
  /** Whether `check` may read its data folders. @default false */
  checksData?: boolean;
  /** Memory limit */
  memoryMb: number;
  /**
   * Whether it may use all memory of its machine, for databases that are alone on one; `memoryMb` is then what it needs at
   * least. @default false
   */
  wholeMachine?: boolean;
  /** Space in /tmp beyond 64 MB, for example for uploads, in MB. It is memory in addition to `memoryMb`. @default 0 */
  scratchMb?: number;
  /** CPU weight where services compete for the machine's processors */
  cpus: number;
  /** `uid:gid` inside the container */
  user: string;
  /** Seconds that it may take to finish running requests or jobs after the stop signal */
  stopSeconds: number;
  /** Stop signal, for example SIGTERM. @default the image's */
  stopSignal?: string;
}

export interface ConfigFolder {
  /** Absolute path inside the container */
  path: string;
  /** Files by name */
  files: Readonly<Record<string, ConfigFile>>;
}

/**
 * A file of a configuration folder: a template with its values, an object that is written as YAML and may contain values,
 * or a text. `folder` is the absolute path of the folder with the template; @default templates/
 */
export type ConfigFile =
  | { template: string; folder?: string; values: Readonly<Record<string, Value>> }
  | { yaml: unknown }
  | { text: Value };

/**
 * A folder of the host that is mounted into a container.
 * `logs`: under /var/log/berth, rotated and deleted after seven days. `data`: under /var/lib/berth, kept. Both outlive
 * containers. `host`: any folder of the machine by its path, for exporters; always read-only.
 */
export type Mount =
  | {
      kind: 'logs' | 'data';
      /** Folder name; services with the same name share the folder */
      name: string;
      path: string;
      readOnly: boolean;
      /** Whether each release of the service gets a subfolder of its own */
      perRelease: boolean;
      /** Owner of the folder on the host, `uid:gid`; set by the one service that writes to it */
      owner?: string;
    }
  | { kind: 'host'; source: string; path: string };

/** Health check of a service */
export interface Health {
  /** HTTP path that the host requests on loopback; absent for services without HTTP */
  path?: string;
  /** Expected HTTP status; redirects are not followed. @default any of 200 to 299 */
  status?: number;
  /** Command of docker's health check, run inside the container */
  command: readonly string[];
  /** Seconds that a new container may take to become healthy */
  deadlineSeconds: number;
}

/** A program built from a commit that runs supervised on the machine, as an unprivileged user of its own */
export interface Process {
  kind: 'process';
  name: string;
  /** Processes with the same source share one folder, which is built once */
  source: Source;
  /**
   * Image that holds the same build in its working folder and runs as any user: in a cluster, which builds nothing, the
   * program runs in a container of it, and listens on all of its addresses. @default there is none
   */
  image?: string;
  /** Program and arguments; a path with a slash is relative to the commit's folder */
  command: readonly string[];
  /** Working directory relative to the commit's folder: `.` or for example `client` */
  folder: string;
  /** Environment variables that the system sets; they may hold secrets, since only root can read them */
  env: Readonly<Record<string, Value>>;
  /** Environment variables from the environment file, which may not repeat those of `env`. @default none */
  settings?: Readonly<Record<string, Value>>;
  /** Secret files (mode 0400, owned by its user), by the environment variable that holds the file's path */
  secretFiles?: Readonly<Record<string, Value>>;
  /** Environment variable that holds its loopback port; each colour has its own port */
  portVariable: string;
  /** Loopback port on which the edge forwards to the live colour, for other processes of the machine */
  loopback?: number;
  /** Processes of the same role that it reaches on their `loopback` port; they start first */
  calls: readonly string[];
  rollout: 'colours';
  health: Pick<Health, 'deadlineSeconds' | 'status'> & { path: string };
  /** Memory that it needs, in MB. A release checks that two colours fit; the process is not limited to it. */
  memoryMb: number;
  /** Seconds that requests may take to finish after the switch, and again after the stop signal */
  stopSeconds: number;
}

/** A commit and how to build it */
export interface Source {
  /** HTTPS URL of a git repository */
  repository: string;
  /** A full commit hash, or a tag, which is resolved to a commit once */
  revision: string;
  /** Debian packages that are needed to build and to run it */
  packages: readonly string[];
  /** Environment variables of the build; no secrets, and the same in every environment */
  env: Readonly<Record<string, string>>;
  /**
   * Shell commands, run in order in the commit's folder as an unprivileged user; the build stops at the first failure
   */
  build: readonly string[];
  /** Versions of the languages that build and run it, where Debian's own may not do. @default Debian's */
  runtimes?: Runtimes;
}
