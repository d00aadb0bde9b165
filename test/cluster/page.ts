/** A production image with Python, which tests serve a page with */
export const pageImage = 'ghcr.io/datalab-mi/basegun/basegun-backend:3.3.0';

const port = 8080;

/** What Pod Security's level `restricted` asks of a pod */
export const confined = {
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
};

/** What it asks of a container */
export const confinedContainer = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
};

/** A namespace that takes confined pods alone */
export const restricted = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

/** A page in a namespace: pods that serve it, and their service */
export const page = (namespace: string): readonly object[] => {
  const labels = { app: 'page' };
  const serve = `mkdir /tmp/page && cd /tmp/page && echo 'a page' >index.html && exec python3 -m http.server ${port}`;
  const container = {
    ...{ name: 'page', image: pageImage, command: ['sh', '-c', serve], ports: [{ containerPort: port }] },
    ...confinedContainer,
    readinessProbe: { httpGet: { path: '/', port }, periodSeconds: 1 },
    volumeMounts: [{ name: 'tmp', mountPath: '/tmp' }],
  };
  const pod = { ...confined, containers: [container], volumes: [{ name: 'tmp', emptyDir: {} }] };
  return [
    {
      apiVersion: 'apps/v1',
      kind: 'Deployment',
      metadata: { name: 'page', namespace },
      spec: { selector: { matchLabels: labels }, template: { metadata: { labels }, spec: pod } },
    },
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'page', namespace },
      spec: { selector: labels, ports: [{ port: 80, targetPort: port }] },
    },
  ];
};

/** What leads a public name to that page */
export const nameOfPage = (namespace: string, host: string): object => ({
  apiVersion: 'networking.k8s.io/v1',
  kind: 'Ingress',
  metadata: { name: 'page', namespace },
  spec: {
    tls: [{ hosts: [host] }],
    rules: [
      {
        host,
        http: {
          paths: [{ path: '/', pathType: 'Prefix', backend: { service: { name: 'page', port: { number: 80 } } } }],
        },
      },
    ],
  },
});

/** A pod that runs a command to its end, with a claim at /data where one is given */
export const errand = (
  name: string,
  namespace: string,
  command: string,
  { labels = {}, claim }: { labels?: Record<string, string>; claim?: string } = {},
): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    ...confined,
    restartPolicy: 'Never',
    containers: [
      {
        ...{ name, image: pageImage, command: ['bash', '-c', command], ...confinedContainer },
        ...(claim !== undefined && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      },
    ],
    ...(claim !== undefined && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
  },
});
