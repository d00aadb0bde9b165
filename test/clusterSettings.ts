import type { ClusterSettings } from '../src/model/cloud.ts';

/** Settings of a cluster for what is rendered without one */
export const clusterSettings: ClusterSettings = {
  ...{ ingressClass: 'traefik', ingressNamespace: 'ingress', kubectlImage: 'kubectl:1', toolsImage: 'tools:1' },
  startSeconds: 300,
};
