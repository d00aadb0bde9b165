import type * as pulumi from '@pulumi/pulumi';
import { machineName } from '../model/names.ts';
import type { ProvisionRequest } from './cloud.ts';
import type { Slot } from './makers.ts';

/** Resource options that protect what is not a machine from deletion and replacement, unless `allowDestroy` is set */
export const guarded = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true };

/**
 * Resource options that protect a machine's addresses. The machines of a fleet after the first one are not protected:
 * they hold nothing of their own, and a smaller number in the environment file is meant to delete them. The first one
 * guards the fleet: a change that deletes or replaces all of its machines is refused.
 */
export const guardedAddress = (request: ProvisionRequest, slot: Slot): pulumi.CustomResourceOptions =>
  isSpare(slot) ? {} : guarded(request);

/**
 * Resource options that protect a machine, as `guardedAddress` does, once it has been ready. A machine that its cloud
 * failed to create is in the state but was never ready: the next deployment creates it again, instead of changing what
 * never ran.
 * @param type type of the machine's own resource
 */
export function guardedMachine(request: ProvisionRequest, slot: Slot, type: string): pulumi.CustomResourceOptions {
  const { standing } = request;
  const name = machineName(slot.machine);
  const halfMade = standing.has(`${type}::${name}`) && !standing.has(`${readyType}::${name}-ready`);
  return halfMade ? { replaceOnChanges: [failedBefore] } : guardedAddress(request, slot);
}

/** The engine's own name for the error with which the creation of a resource ended */
const failedBefore = '#initerror';

const readyType = 'command:remote:Command';

const isSpare = ({ machine, role }: Slot): boolean =>
  machine.index > 0 && role.address.kind === 'public' && role.volume === undefined;

/** Resource options for data: protected, and kept in the cloud when it leaves the program, so that loss takes two steps */
export const kept = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true, retainOnDelete: true };
