import { account } from './account.ts';
import { firstNode } from './node.ts';

/** Names that a system's settings give: the class, and the namespace that may reach what `internet` may */
export const ingressClass = 'traefik';
export const ingressNamespace = 'ingress';
/** Name by which an Ingress asks Traefik for a certificate */
export const certResolver = 'acme';

const name = ingressClass;
const namespace = ingressNamespace;
const labels = { app: name };

/** Returns the manifests of Traefik at ports 80 and 443 of the node, with certificates of that authority for every name */
export const ingress = (image: string, acme: { directoryUrl: string; caCertificate: string }): object[] => [
  { apiVersion: 'v1', kind: 'Namespace', metadata: { name: namespace } },
  ...account(name, namespace, permissions),
  { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name, namespace }, data: { 'ca.pem': acme.caCertificate } },
  {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'IngressClass',
    metadata: { name, annotations: { 'ingressclass.kubernetes.io/is-default-class': 'true' } },
    spec: { controller: 'traefik.io/ingress-controller' },
  },
  {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace },
    spec: {
      selector: { matchLabels: labels },
      // The node's ports belong to one pod at a time
      strategy: { type: 'Recreate' },
      template: { metadata: { labels }, spec: pod(image, acme.directoryUrl) },
    },
  },
];

const pod = (image: string, directoryUrl: string) => ({
  serviceAccountName: name,
  // Names lead to this node
  nodeSelector: { 'kubernetes.io/hostname': firstNode },
  // The certificate authority has its name outside the cluster
  dnsPolicy: 'Default',
  containers: [
    {
      name,
      image,
      args: [
        '--ping=true',
        '--providers.kubernetesingress=true',
        `--providers.kubernetesingress.ingressclass=${name}`,
        '--providers.kubernetesingress.throttleduration=200ms',
        '--entrypoints.traefik.address=:9000',
        '--entrypoints.web.address=:8000',
        '--entrypoints.websecure.address=:8443',
        '--entrypoints.websecure.http.tls=true',
        `--entrypoints.websecure.http.tls.certresolver=${certResolver}`,
        `--certificatesresolvers.${certResolver}.acme.caserver=${directoryUrl}`,
        `--certificatesresolvers.${certResolver}.acme.email=ops@berth.test`,
        `--certificatesresolvers.${certResolver}.acme.storage=/data/acme.json`,
        `--certificatesresolvers.${certResolver}.acme.httpchallenge.entrypoint=web`,
      ],
      env: [{ name: 'LEGO_CA_CERTIFICATES', value: '/authority/ca.pem' }],
      ports: [
        { containerPort: 8000, hostPort: 80 },
        { containerPort: 8443, hostPort: 443 },
      ],
      readinessProbe: { httpGet: { path: '/ping', port: 9000 }, periodSeconds: 1 },
      volumeMounts: [
        { name: 'authority', mountPath: '/authority' },
        { name: 'certificates', mountPath: '/data' },
      ],
    },
  ],
  volumes: [
    { name: 'authority', configMap: { name } },
    { name: 'certificates', emptyDir: {} },
  ],
});

const permissions = [
  { apiGroups: [''], resources: ['services', 'secrets', 'nodes', 'configmaps'], verbs: ['get', 'list', 'watch'] },
  { apiGroups: ['discovery.k8s.io'], resources: ['endpointslices'], verbs: ['list', 'watch'] },
  {
    apiGroups: ['networking.k8s.io', 'extensions'],
    resources: ['ingresses', 'ingressclasses'],
    verbs: ['get', 'list', 'watch'],
  },
  { apiGroups: ['networking.k8s.io', 'extensions'], resources: ['ingresses/status'], verbs: ['update'] },
];
