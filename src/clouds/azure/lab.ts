import type { DevTestLabMachine } from '../../model/adoptedHost.ts';
import type { Blueprint, Schedule } from '../../model/blueprint.ts';
import type { MachineName } from '../../model/names.ts';

/** A machine of an Azure DevTest Lab whose running hours berth sets, with its role's schedule */
export interface LabMachine {
  machine: MachineName;
  lab: DevTestLabMachine;
  schedule: Schedule;
}

/** Returns the machines of a DevTest Lab whose running hours berth sets, each with its role's schedule */
export const labMachines = ({ system, roles }: Pick<Blueprint, 'system' | 'roles'>): readonly LabMachine[] =>
  Object.entries(roles).flatMap(([role, { hosts = [], schedule }]) =>
    hosts.flatMap(({ devTestLab: lab }, index) =>
      lab && schedule ? [{ machine: { system, role, index }, lab, schedule }] : [],
    ),
  );
