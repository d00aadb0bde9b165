import { stringify } from 'yaml';
import { dns } from './dns.ts';
import { ingress } from './ingress.ts';

/** What the manifests of a cluster's own services are made from */
export interface AddOnInputs {
  /** Images, as references in the project's registry */
  images: { dns: string; traefik: string };
  /** The certificate authority of public names */
  acme: { directoryUrl: string; caCertificate: string };
}

/**
 * Name of the default storage class: Kubernetes' own provisioner of folders of the node, which is a cluster of one node's
 * answer to a cloud's disks
 */
export const storageClass = 'local';

/** Returns the manifests of what a cloud's cluster brings too: names, an ingress, a default storage class */
export const addOns = ({ images, acme }: AddOnInputs): string =>
  [...dns(images.dns), ...ingress(images.traefik, acme), storage].map((manifest) => stringify(manifest)).join('---\n');

const storage = {
  apiVersion: 'storage.k8s.io/v1',
  kind: 'StorageClass',
  metadata: { name: storageClass, annotations: { 'storageclass.kubernetes.io/is-default-class': 'true' } },
  provisioner: 'kubernetes.io/host-path',
  reclaimPolicy: 'Delete',
  allowVolumeExpansion: true,
};
