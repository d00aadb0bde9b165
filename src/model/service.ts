import type { Value } from './value.ts';

/** What runs on a machine */
export type Service = Container | Process;

export const isContainer = (service: Service): service is Container => service.kind === 'container';
export const isProcess = (service: Service): service is Process => service.kind === 'process';

/** Everything that a service is told, by variable */
export const variablesOf = ({ env, settings }: Pick<Service, 'env' | 'settings'>): Readonly<Record<string, Value>> => ({
  ...env,
  ...settings,
});

/** A long-running container of a role */
export interface Container {
  kind: 'container';
  name: string;
  /** By immutable tag or digest */
  image: string;
  command?: readonly string[];
  /** What the system tells it, by variable */
  env: Readonly<Record<string, Value>>;
  /** What the environment file tells it besides: a variable of `env` is refused there. @default nothing */
  settings?: Readonly<Record<string, Value>>;
  /** The port that it listens on inside its network; none for what nobody calls */
  port?: number;
  /** A port of the machine on which other machines reach `port`; the rules say which. Only with `rollout: 'replace'` */
  exposed?: number;
  /** Services of the same role that it calls by their names */
  calls: readonly string[];
  /** Its folder of configuration, mounted read-only */
  config?: ConfigFolder;
  /** Files that it alone reads (0400, its user's), by their absolute path inside it */
  secretFiles?: Readonly<Record<string, Value>>;
  mounts: readonly Mount[];
  /** `colours` starts the new beside the old; `replace` stops the old first (what can't run twice) */
  rollout: 'colours' | 'replace';
  health?: Health;
  /** Validates the configuration with the image's own program, before anything is changed */
  check?: readonly string[];
  /** The image's program that `check` is for. @default the one that the image starts with */
  checker?: string;
  memoryMb: number;
  /** What it may write to /tmp beyond 64 MB, such as uploads: in memory too, beside `memoryMb`. @default 0 */
  scratchMb?: number;
  /** Its weight where the machine's processors don't suffice for all */
  cpus: number;
  /** `uid:gid` inside the container */
  user: string;
  /** The longest request, or job, that it may finish after it was asked to stop */
  stopSeconds: number;
  /** What asks it to stop, for example SIGTERM. @default what its image says */
  stopSignal?: string;
}

export interface ConfigFolder {
  /** Inside the container */
  path: string;
  /** By name */
  files: Readonly<Record<string, ConfigFile>>;
}

/** A file of templates/, or a system's own by its absolute path, with its values filled in; an object written as YAML (texts in it may be values), or a text */
export type ConfigFile =
  | { template: string; values: Readonly<Record<string, Value>> }
  | { yaml: unknown }
  | { text: Value };

/**
 * A folder of the host inside a container.
 * `logs`: under /var/log/berth, rotated away after seven days; `data`: under /var/lib/berth, kept; both outlive
 * containers. `host`: a folder of the machine itself by its path, which exporters look at; always read-only
 */
export type Mount =
  | {
      kind: 'logs' | 'data';
      /** The folder's name; services that name the same one share it */
      name: string;
      path: string;
      readOnly: boolean;
      /** A folder of its own for each release of the service, under the named one */
      perRelease: boolean;
      /** Who owns the folder on the host, `uid:gid`; given by the one service that writes */
      owner?: string;
    }
  | { kind: 'host'; source: string; path: string };

/** When a service counts as up */
export interface Health {
  /** Asked by the host on loopback; a service without HTTP has none */
  path?: string;
  /** What a healthy one answers there; a redirect is no such answer. @default any of 200 to 299 */
  status?: number;
  /** What docker runs inside the container */
  command: readonly string[];
  /** How long a new one may take until it answers */
  deadlineSeconds: number;
}

/** A program that is built from a commit and supervised on the machine itself, as a user of its own without rights */
export interface Process {
  kind: 'process';
  name: string;
  /** Processes of one source share its folder, which is built once */
  source: Source;
  /** The program and its words; a path with a slash is below the folder of the commit */
  command: readonly string[];
  /** Where it runs, below the folder of the commit: `.` or for example `client` */
  folder: string;
  /** What the system tells it, by variable; secrets too, since nobody but root may read them */
  env: Readonly<Record<string, Value>>;
  /** What the environment file tells it besides: a variable of `env` is refused there. @default nothing */
  settings?: Readonly<Record<string, Value>>;
  /** Files that it alone reads (0400, its user's), by the variable that tells it where one lies */
  secretFiles?: Readonly<Record<string, Value>>;
  /** The variable that tells it on which port of loopback to listen: each colour has its own */
  portVariable: string;
  /** A port of loopback on which the edge leads to the colour that is live, for its callers on the machine */
  loopback?: number;
  /** Processes of the same role that it calls on their `loopback`: they start first */
  calls: readonly string[];
  rollout: 'colours';
  health: Pick<Health, 'deadlineSeconds' | 'status'> & { path: string };
  /** What it needs: two colours at once must find room. Nothing holds it to that */
  memoryMb: number;
  /** The longest request it may finish after the switch, and again after it was asked to stop */
  stopSeconds: number;
}

/** A commit, and what makes programs of it */
export interface Source {
  /** Over HTTPS */
  repository: string;
  /** A full commit hash, or a tag, which is resolved once */
  revision: string;
  /** Debian's packages that it needs, to build and to run */
  packages: readonly string[];
  /** Never a secret: the same in every environment */
  env: Readonly<Record<string, string>>;
  /** Shell commands, in order, in the folder of the commit, as a user without rights; the first that fails ends it */
  build: readonly string[];
}
