import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from './cloud.ts';

/** Resource options that protect machines and addresses from deletion and replacement, unless `allowDestroy` is set */
export const guarded = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true };

/**
 * Resource options that protect a machine once it has been ready. A machine that its cloud failed to create is in the
 * state but was never ready: the next deployment creates it again, instead of changing what never ran.
 * @param type type of the machine's own resource
 */
export function guardedMachine(request: ProvisionRequest, type: string, name: string): pulumi.CustomResourceOptions {
  const halfMade = request.standing.has(`${type}::${name}`) && !request.standing.has(`${readyType}::${name}-ready`);
  return halfMade ? { replaceOnChanges: [failedBefore] } : guarded(request);
}

/** The engine's own name for the error with which the creation of a resource ended */
const failedBefore = '#initerror';

const readyType = 'command:remote:Command';

/** Resource options for data: protected, and kept in the cloud when it leaves the program, so that loss takes two steps */
export const kept = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true, retainOnDelete: true };
