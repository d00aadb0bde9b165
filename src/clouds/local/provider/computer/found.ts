/** State of this computer before anything is created */
export interface FoundComputer {
  docker: DockerEngine | { obstacle: string };
  /** Wanted ports of 127.0.0.1 that are in use */
  taken: readonly TakenPort[];
  /** Absent where docker runs in a virtual machine */
  memoryMb?: number;
  disk?: { folder: string; freeMb: number };
}

export interface TakenPort {
  port: number;
  by?: Holder;
}

/** Process that holds a port; of another user's process, only the user id is known */
export type Holder = { name: string; pid: number } | { uid: number };

export interface DockerEngine {
  version: string;
  apiVersion: string;
  /** Operating system of its containers */
  os: string;
  /** Whether it can limit a container's CPU */
  limitsCpus: boolean;
  containers: readonly FoundContainer[];
  /** Wanted images that it lacks */
  absentImages: readonly string[];
}

export interface FoundContainer {
  name: string;
  /** Label of the stack that created it */
  owner?: string;
  /** Name of its resource */
  resource?: string;
  runs: boolean;
  /** Host ports that it publishes on 127.0.0.1 */
  ports: readonly number[];
}
