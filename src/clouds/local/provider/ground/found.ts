/** What is there before anything is made */
export interface FoundGround {
  docker: DockerEngine | { obstacle: string };
  /** Those of the wanted ports of 127.0.0.1 that this computer gives to nobody any more */
  taken: readonly TakenPort[];
  /** Unknown where docker runs in a machine of its own */
  memoryMb?: number;
  disk?: { folder: string; freeMb: number };
}

export interface TakenPort {
  port: number;
  by?: Holder;
}

/** A process; without a pid it is another user's, of whom no more is told */
export type Holder = { name: string; pid: number } | { uid: number };

export interface DockerEngine {
  version: string;
  apiVersion: string;
  /** Of what runs in its containers */
  os: string;
  /** Whether it can bound the processors of a container */
  limitsCpus: boolean;
  containers: readonly FoundContainer[];
  /** Those of the wanted images that it lacks */
  absentImages: readonly string[];
}

export interface FoundContainer {
  name: string;
  /** The label of the stack that made it */
  owner?: string;
  /** The name of the resource that it is */
  resource?: string;
  runs: boolean;
  /** That it shows on 127.0.0.1 */
  ports: readonly number[];
}
