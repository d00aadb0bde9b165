import { getFlavorOutput } from '@pulumi/openstack/compute/getFlavor.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Scope } from './scope.ts';

/** Returns the flavor of a role's machines, after checking that the region has it and that its disk is large enough */
export function flavorOf(name: string, size: string | undefined, diskGb: number, scope: Scope): pulumi.Output<string> {
  if (size === undefined) throw new Error(`role ${name} has no size: set one, such as s1-2`);
  return getFlavorOutput({ name: size }, scope.openstack).apply(({ disk }) => {
    checkDisk({ name: size, diskGb: disk ?? diskGb }, diskGb, scope.region);
    return size;
  });
}

/**
 * Checks that the disk of a flavor, whose size is fixed, is large enough
 * @throws if it is not
 */
export function checkDisk(size: { name: string; diskGb: number }, wantedGb: number, region: string): void {
  if (size.diskGb >= wantedGb) return;
  throw new Error(
    `size ${size.name} has a disk of ${size.diskGb} GB in region ${region}, and diskGb asks for ${wantedGb}: ` +
      'choose a larger size, or a smaller diskGb',
  );
}
