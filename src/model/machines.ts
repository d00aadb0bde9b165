import type { Blueprint, Role } from './blueprint.ts';
import type { MachineName } from './names.ts';

/** Returns every machine of a blueprint with its role, grouped by role */
export const machinesOf = ({ system, roles }: Blueprint): readonly { machine: MachineName; role: Role }[] =>
  Object.entries(roles).flatMap(([name, role]) =>
    Array.from({ length: role.count }, (_, index) => ({ machine: { system, role: name, index }, role })),
  );
