import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from './cloud.ts';

/** What may not go by accident: machines and addresses. A replacement is refused too, until the system allows it */
export const guarded = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true };

/**
 * The same for a machine, once it is one: where its cloud failed to make it, something of it stands in the state that was
 * never ready, and the next deployment may make it again. It is protected from the deployment after that on.
 * @param type of the machine's own resource
 */
export function guardedMachine(request: ProvisionRequest, type: string, name: string): pulumi.CustomResourceOptions {
  const halfMade = request.standing.has(`${type}::${name}`) && !request.standing.has(`${readyType}::${name}-ready`);
  return halfMade ? {} : guarded(request);
}

const readyType = 'command:remote:Command';

/** What holds data: protected, and left standing when it leaves the program, so that deleting it is asked for twice */
export const kept = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true, retainOnDelete: true };
