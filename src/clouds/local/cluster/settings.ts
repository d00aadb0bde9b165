import { storageClass } from './addOns.ts';
import { certResolver, ingressClass, ingressNamespace } from './ingress.ts';
import type { GivenServices } from './services.ts';

/**
 * Returns the block of an environment file that describes a cluster on this computer, as one describes any cluster that
 * exists
 * @param images production image → reference in the project's registry
 */
export const clusterSettings = (
  images: Readonly<Record<string, string>>,
  { buckets, logStreams }: Pick<GivenServices, 'buckets' | 'logStreams'>,
) => ({ ingressClass, ingressNamespace, storageClass, certResolver, images, buckets, logStreams });

/** Secret of the administrator's kubeconfig, in `berth:secrets` */
export const kubeconfigSecret = 'kubernetes/kubeconfig';
