import type { MachineOptions } from '../config/machineFields.ts';
import type { DeclaredRole } from '../model/blueprint.ts';

type Machines = Pick<
  DeclaredRole,
  'count' | 'size' | 'diskGb' | 'address' | 'schedule' | 'hosts' | 'volume' | 'publish'
>;

/** The machines of a role, as its options ask for them */
export function machines(
  options: MachineOptions,
  { address, volume }: { address: DeclaredRole['address']['kind']; volume?: DeclaredRole['volume'] },
): Machines {
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
