import type * as pulumi from '@pulumi/pulumi';
import type { ProvisionRequest } from './cloud.ts';

/** What may not go by accident: machines and addresses. A replacement is refused too, until the system allows it */
export const guarded = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true };

/** What holds data: protected, and left standing when it leaves the program, so that deleting it is asked for twice */
export const kept = ({ entry }: ProvisionRequest): pulumi.CustomResourceOptions =>
  entry.allowDestroy ? {} : { protect: true, retainOnDelete: true };
