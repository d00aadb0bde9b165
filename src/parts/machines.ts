import type { MachineOptions } from '../config/machineFields.ts';
import type { DeclaredRole } from '../model/blueprint.ts';
import type { MonitoringOptions } from '../model/monitoring.ts';
import type { Contribution, Machines } from './contribution.ts';

interface Kind {
  /** Kind of the public address; a `reserved` one is kept when its machine is replaced */
  address: DeclaredRole['address']['kind'];
  /** Data disk. @default none */
  volume?: DeclaredRole['volume'];
  /** Roles that are released before it, although no rule says that it calls them. @default none */
  after?: DeclaredRole['after'];
}

/** Returns the machines of a role from its options */
export const machines = (role: string, options: MachineOptions | MonitoringOptions, kind: Kind): Contribution => ({
  roles: { [role]: { machines: machinesAsked(options, kind) } },
});

export function machinesAsked(options: MachineOptions | MonitoringOptions, { address, volume, after }: Kind): Machines {
  const { size, diskGb, hosts, schedule, publish = {} } = options;
  const { count = 1, rolling }: Pick<MachineOptions, 'count' | 'rolling'> = 'count' in options ? options : {};
  const { replicas }: Pick<MachineOptions, 'replicas'> = 'replicas' in options ? options : {};
  const pods = typeof replicas === 'object' ? replicas.min : replicas;
  const scaling = typeof replicas === 'object' && { max: replicas.max, cpu: replicas.cpu };
  return {
    count: hosts?.length ?? pods ?? count,
    ...(scaling && { scaling }),
    ...(rolling && { rolling }),
    ...(size !== undefined && { size }),
    diskGb,
    address:
      address === 'public' ? { kind: address } : { kind: address, ...(options.address && { adopt: options.address }) },
    ...(volume && { volume }),
    ...(after && { after }),
    ...(schedule && { schedule }),
    ...(hosts && { hosts }),
    publish,
  };
}
