import { getFlavorOutput } from '@pulumi/openstack/compute/getFlavor.js';
import type * as pulumi from '@pulumi/pulumi';
import type { Site } from './site.ts';

/** The size of a role's machines, once it is known that the region has it and that its disk suffices */
export function flavorOf(name: string, size: string | undefined, diskGb: number, site: Site): pulumi.Output<string> {
  if (size === undefined) throw new Error(`role ${name} has no size: write one, such as s1-2`);
  return getFlavorOutput({ name: size }, site.openstack).apply(({ disk }) => {
    checkDisk({ name: size, diskGb: disk ?? diskGb }, diskGb, site.region);
    return size;
  });
}

/**
 * A machine's disk comes with its size: what is asked for must fit
 * @throws when it doesn't
 */
export function checkDisk(size: { name: string; diskGb: number }, wantedGb: number, region: string): void {
  if (size.diskGb >= wantedGb) return;
  throw new Error(
    `size ${size.name} has a disk of ${size.diskGb} GB in region ${region}, and diskGb asks for ${wantedGb}: ` +
      'choose a larger size, or a smaller diskGb',
  );
}
