import type { MachineOptions } from '../config/machineFields.ts';
import type { DeclaredRole } from '../model/blueprint.ts';
import type { Contribution, Machines } from './contribution.ts';

interface Kind {
  /** `reserved` outlives its machine */
  address: DeclaredRole['address']['kind'];
  /** A disk for what its services keep. @default none */
  volume?: DeclaredRole['volume'];
}

/** The machines of a role, as its options ask for them */
export const machines = (role: string, options: MachineOptions, kind: Kind): Contribution => ({
  roles: { [role]: { machines: machinesAsked(options, kind) } },
});

export function machinesAsked(options: MachineOptions, { address, volume }: Kind): Machines {
  const { count = 1, size, diskGb, hosts, schedule, publish = {} } = options;
  return {
    count: hosts?.length ?? count,
    ...(size !== undefined && { size }),
    diskGb,
    address:
      address === 'public' ? { kind: address } : { kind: address, ...(options.address && { adopt: options.address }) },
    ...(volume && { volume }),
    ...(schedule && { schedule }),
    ...(hosts && { hosts }),
    publish,
  };
}
