/** One machine of a role */
export interface MachineName {
  system: string;
  role: string;
  /** From 0 */
  index: number;
}

/** The name of a machine inside its environment, for example `basegun-web-0`: stable from release to release */
export const machineName = (machine: MachineName): string => `${machine.system}-${machine.role}-${machine.index}`;

/** The host name, unique over environments, for example `basegun-web-0-preprod` */
export const hostName = (environment: string, machine: MachineName): string => `${machineName(machine)}-${environment}`;

/** `volumeDevice` is where the machine sees its data disk, empty where the cloud mounts it itself */
export type MachineFact = 'publicAddress' | 'privateAddress' | 'volumeDevice';

/** The fact that holds a machine's address, for example `machines.web.0.publicAddress` */
export const machineFact = (role: string, index: number, kind: MachineFact): string =>
  `machines.${role}.${index}.${kind}`;
