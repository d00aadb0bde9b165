import type { Runtime } from '../model/runtimes.ts';

/** Format number of `release.json`, increased with every change that an older engine would misread */
export const format = 1;

/** Contents of `release.json`, which src/hosts/host/release.py reads */
export interface Release {
  /** Format number; an engine refuses a later format than its own */
  format: number;
  system: string;
  version: string;
  /** Hash of the release; empty while it is computed */
  name: string;
  /** Whether the machine is adopted, so that others use it too */
  adopted: boolean;
  /** Free space in MB that the disks of docker and of releases must have before anything is downloaded */
  minimumFreeMb: number;
  /** Seconds that requests to the former services may take to finish */
  drainSeconds: number;
  /** Candidate device paths of the data disk, one for each kind of bus; empty where the cloud mounts it itself */
  volumeDevices: readonly string[];
  /** Size of the data disk, where it has such devices: one that is made larger is a release, by which its machine grows it */
  volumeGb?: number;
  /** Debian packages */
  packages: readonly string[];
  images: readonly string[];
  /** systemd units that must be running */
  units: readonly string[];
  /** systemd units that must start at boot */
  bootUnits: readonly string[];
  /** In start order: a service comes after those that it calls */
  services: readonly ReleaseService[];
  jobs: readonly ReleaseJob[];
  files: readonly ReleaseFile[];
  folders: readonly Folder[];
  builds: readonly ReleaseBuild[];
  edge?: ReleaseEdge;
}

/** A commit, and the versions of languages that its machine may not have from Debian */
export interface ReleaseBuild {
  name: string;
  repository: string;
  revision: string;
  user: string;
  runtimes?: readonly Runtime[];
}

export interface ReleaseService {
  name: string;
  rollout: 'colours' | 'replace';
  /** Hash of everything that is rendered for it */
  definition: string;
  /** Loopback ports of its colours; `replace` services use only the blue one */
  blue: number;
  green: number;
  calls: readonly string[];
  /** Seconds until it must be healthy; 0 without a health check */
  deadlineSeconds: number;
  memoryMb: number;
  /** Folders that get a subfolder named after the definition */
  logFolders: readonly Folder[];
  /** Health check on its port; `status` is a regular expression */
  health?: { path: string; deadlineSeconds: number; status: string };
  process?: { user: string; build: string; stopSeconds: number };
}

/** A job, which runs in containers of its own from `jobs.yaml`, or as programs of builds */
export interface ReleaseJob {
  name: string;
  when: 'release' | 'calendar' | 'asked';
  /** Hash of everything that is rendered for its steps */
  definition: string;
  deadlineSeconds: number;
  /** Most memory of steps that run at once */
  memoryMb: number;
  /**
   * Steps in order. `service` is the name in the compose file, or of the folder with its start script; `calls` are services of
   * the machine that it reaches. One that `streams` runs together with the next.
   */
  steps: readonly {
    service: string;
    definition: string;
    calls: readonly string[];
    program?: { user: string; build: string };
    streams?: boolean;
  }[];
  /** Variables that whoever asks for it may set */
  parameters?: readonly string[];
}

export interface ReleaseFile {
  path: string;
  kind: 'host' | 'release';
  mode: string;
  owner: string;
  sha256: string;
  check?: string;
  activate?: string;
}

export interface Folder {
  path: string;
  /** Octal, four digits */
  mode: string;
  /** `user:group`, names or numbers */
  owner: string;
}

/** The edge, and how the machine checks it */
export interface ReleaseEdge {
  kind: 'traefik' | 'nginx';
  definition: string;
  user: string;
  /** Whether a changed edge may be restarted */
  restart: boolean;
  /** Name of its routes file */
  routes: string;
  domain: string;
  scheme: string;
  port: number;
  path: string;
  /** A regular expression */
  status: string;
  /** Names for which it gets certificates from an authority */
  certificates: readonly string[];
}
