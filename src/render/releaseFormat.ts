/** Raised with every change of `release.json` that an older engine on the machine would read wrongly */
export const format = 1;

/** What a machine reads of its release, as src/hosts/host/release.py takes it */
export interface Release {
  /** An engine refuses a release of a later format */
  format: number;
  system: string;
  version: string;
  /** The release's hash; empty while it is made */
  name: string;
  /** Others use the machine too */
  adopted: boolean;
  /** Of the disks of docker and of releases, before anything comes */
  minimumFreeMb: number;
  /** How long the former services' last requests may take */
  drainSeconds: number;
  /** Where the data disk is to be found, one of them by its bus; none where the cloud mounts it itself */
  volumeDevices: readonly string[];
  /** Debian's */
  packages: readonly string[];
  images: readonly string[];
  /** Of systemd, which run on a machine that is as it should be */
  units: readonly string[];
  /** Of systemd, which start at each boot */
  bootUnits: readonly string[];
  /** What is called comes first */
  services: readonly ReleaseService[];
  jobs: readonly ReleaseJob[];
  files: readonly ReleaseFile[];
  folders: readonly Folder[];
  builds: readonly { name: string; repository: string; revision: string; user: string }[];
  edge?: ReleaseEdge;
}

export interface ReleaseService {
  name: string;
  rollout: 'colours' | 'replace';
  /** Changes with everything that is rendered for it */
  definition: string;
  /** The loopback ports of its colours; what is replaced has the blue one alone */
  blue: number;
  green: number;
  calls: readonly string[];
  /** Until it is healthy; 0 without a check */
  deadlineSeconds: number;
  memoryMb: number;
  /** Each gets one of the definition's name in it */
  logFolders: readonly Folder[];
  /** Asked on its port; the status is a regular expression */
  health?: { path: string; deadlineSeconds: number; status: string };
  process?: { user: string; build: string; stopSeconds: number };
}

/** What runs to its end in containers of its own, by `jobs.yaml` */
export interface ReleaseJob {
  name: string;
  when: 'release' | 'calendar' | 'asked';
  /** Changes with everything that is rendered for its steps */
  definition: string;
  deadlineSeconds: number;
  /** Of the step that may take most */
  memoryMb: number;
  /** In order. `service` is its name in the compose file, `calls` are services of the machine that it calls */
  steps: readonly { service: string; definition: string; calls: readonly string[] }[];
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

/** How the machine asks its own edge, and what that is */
export interface ReleaseEdge {
  kind: 'traefik' | 'nginx';
  definition: string;
  user: string;
  /** Whether a changed one may be started anew */
  restart: boolean;
  /** The name of its routes file */
  routes: string;
  domain: string;
  scheme: string;
  port: number;
  path: string;
  /** A regular expression */
  status: string;
  /** The names whose certificates it has of an authority */
  certificates: readonly string[];
}
