import { readFileSync } from 'node:fs';
import type { TestCluster } from './cluster.ts';

const port = 8080;

/** What Pod Security's level `restricted` asks of a pod */
const confined = {
  securityContext: { runAsNonRoot: true, runAsUser: 10001, seccompProfile: { type: 'RuntimeDefault' } },
};

/** What it asks of a container */
const confinedContainer = {
  securityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ['ALL'] }, readOnlyRootFilesystem: true },
};

/** A namespace that takes confined pods alone */
export const restricted = (name: string): object => ({
  apiVersion: 'v1',
  kind: 'Namespace',
  metadata: { name, labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } },
});

/**
 * A page in a namespace: pods that serve it, and their service
 * @param image one with Python
 */
export const page = (namespace: string, image: string, replicas = 1): readonly object[] => {
  const labels = { app: 'page' };
  const serve = `mkdir /tmp/page && cd /tmp/page && echo 'a page' >index.html && exec python3 -m http.server ${port}`;
  const container = {
    ...{ name: 'page', image, command: ['sh', '-c', serve], ports: [{ containerPort: port }] },
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
      spec: {
        replicas,
        selector: { matchLabels: labels },
        strategy: { rollingUpdate: { maxUnavailable: 0, maxSurge: 1 } },
        template: { metadata: { labels }, spec: pod },
      },
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

interface Errand {
  labels?: Record<string, string>;
  /** Claim of a volume that is at /data. @default none */
  claim?: string;
}

const exitCode = '{.status.containerStatuses[0].state.terminated.exitCode}';

/** Runs a command in a pod of its own to its end, and returns what it wrote */
export async function resultOf(
  { apply, kubectl, pageImage }: TestCluster,
  namespace: string,
  name: string,
  command: string,
  errand: Errand = {},
): Promise<string> {
  await apply(pod(namespace, name, { image: pageImage, command: ['bash', '-c', command] }, errand));
  const ended = '--for=jsonpath={.status.containerStatuses[0].state.terminated}';
  await kubectl('wait', ended, `--namespace=${namespace}`, `pod/${name}`, '--timeout=90s');
  const said = (await kubectl('logs', `--namespace=${namespace}`, name)).trim();
  const code = await kubectl('get', `--namespace=${namespace}`, 'pod', name, `--output=jsonpath=${exitCode}`);
  if (code.trim() !== '0') throw new Error(`pod ${name} ended with code ${code.trim()}:\n${said}`);
  return said;
}

const scanner = readFileSync(new URL('../e2e/bare/scan.py', import.meta.url), 'utf8');

/** Returns the TCP ports below 10,000 at which something listens for a pod of a namespace; a policy refuses or is silent */
export async function scanFrom(
  cluster: TestCluster,
  namespace: string,
  name: string,
  address: string,
  labels: Record<string, string>,
): Promise<readonly number[]> {
  const command = `python3 - 1-9999 ${address} <<'END'\n${scanner}\nEND`;
  const found = JSON.parse(await resultOf(cluster, namespace, name, command, { labels })) as Record<
    string,
    Record<string, string>
  >;
  const ports = Object.entries(found[address] ?? {}).filter(([, state]) => state === 'open');
  return ports.map(([port]) => Number(port));
}

const pod = (namespace: string, name: string, program: object, { labels = {}, claim }: Errand): object => ({
  apiVersion: 'v1',
  kind: 'Pod',
  metadata: { name, namespace, labels },
  spec: {
    ...confined,
    restartPolicy: 'Never',
    containers: [
      {
        ...{ name, ...program, ...confinedContainer },
        ...(claim !== undefined && { volumeMounts: [{ name: 'data', mountPath: '/data' }] }),
      },
    ],
    ...(claim !== undefined && { volumes: [{ name: 'data', persistentVolumeClaim: { claimName: claim } }] }),
  },
});
