import { PersistentVolumeClaim } from '@pulumi/kubernetes/core/v1/persistentVolumeClaim.js';
import { PersistentVolumePatch } from '@pulumi/kubernetes/core/v1/persistentVolumePatch.js';
import * as pulumi from '@pulumi/pulumi';
import type { DeliveryRequest } from '../cloud.ts';
import type { Made } from './declare.ts';

/**
 * Has the cluster keep the volumes of a system's claims when these go: most classes delete them, whatever becomes of the
 * claim. Their names are known once the pods run that use them.
 * @returns names of the volumes by claim
 */
export function keepVolumes(
  { blueprint: { system }, entry, parent }: DeliveryRequest,
  provider: pulumi.ProviderResource,
  made: readonly Made[],
): Readonly<Record<string, pulumi.Output<string>>> {
  const claims = made.filter(({ item }) => item.holds === 'data');
  return Object.fromEntries(
    claims.map(({ item: { key, role, manifest }, resource }) => {
      const users = made.filter((one) => one.item.role === role && one.item.manifest.kind === 'StatefulSet');
      const { namespace, name } = manifest.metadata;
      const ready = pulumi.all([resource.id, ...users.map((one) => one.resource.id)]);
      const bound = PersistentVolumeClaim.get(
        `${system}-${key}-bound`,
        ready.apply(() => `${namespace}/${name}`),
        { parent, provider },
      );
      const volume = bound.spec.apply((spec) => spec?.volumeName ?? '');
      const policy = entry.allowDestroy ? 'Delete' : 'Retain';
      new PersistentVolumePatch(
        `${system}-${key}-volume`,
        {
          // Whoever made the volume has set another policy
          metadata: { name: volume, annotations: { 'pulumi.com/patchForce': 'true' } },
          spec: { persistentVolumeReclaimPolicy: policy },
        },
        { parent, provider, retainOnDelete: true },
      );
      return [name, volume];
    }),
  );
}
