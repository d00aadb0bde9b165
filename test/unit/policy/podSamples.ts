import type { Sample } from './samples.ts';

/** A workload of any kind with such pods */
const pods = (pod: object) => {
  const template = { spec: pod };
  return { spec: { template, jobTemplate: { spec: { template } } } };
};
/** The same with one container, started before the others or beside them */
const before = (container: object) => pods({ initContainers: [container], containers: [] });
const beside = (container: object) => pods({ containers: [container] });

const ofContainer = (keeps: object, breaks: object): Sample => ({
  keeps: [beside(keeps), before(keeps)],
  breaks: [beside(breaks), before(breaks), beside({})],
});

export const podSamples: Readonly<Record<string, Sample>> = {
  'a container cannot gain rights': ofContainer(
    { securityContext: { allowPrivilegeEscalation: false } },
    { securityContext: { allowPrivilegeEscalation: true } },
  ),
  'a container has no capabilities': ofContainer(
    { securityContext: { capabilities: { drop: ['ALL'] } } },
    { securityContext: { capabilities: { drop: ['NET_RAW'] } } },
  ),
  'the root of a container is read-only': ofContainer(
    { securityContext: { readOnlyRootFilesystem: true } },
    { securityContext: { readOnlyRootFilesystem: false } },
  ),
  'a container has a memory limit': ofContainer(
    { resources: { limits: { memory: '64Mi' } } },
    { resources: { requests: { memory: '64Mi' } } },
  ),
  'a container has a limit of processors': {
    keeps: [beside({ resources: { limits: { cpu: '1' } } })],
    breaks: [],
    meant: [beside({})],
  },
  'no container runs as root': {
    keeps: [pods({ securityContext: { runAsNonRoot: true } })],
    breaks: [pods({}), pods({ securityContext: { runAsNonRoot: false } })],
  },
  "pods have the runtime's seccomp profile": {
    keeps: [pods({ securityContext: { seccompProfile: { type: 'RuntimeDefault' } } })],
    breaks: [pods({}), pods({ securityContext: { seccompProfile: { type: 'Unconfined' } } })],
  },
  'pods have no token of an account': { keeps: [pods({ automountServiceAccountToken: false })], breaks: [pods({})] },
  'what runs by the clock has no token of an account': {
    keeps: [pods({ automountServiceAccountToken: false })],
    breaks: [],
    meant: [pods({ automountServiceAccountToken: true })],
  },
  'secrets are files and no variables': {
    keeps: [beside({ env: [{ name: 'MODE', value: 'live' }] })],
    breaks: [],
    meant: [beside({ env: [{ name: 'KEY', valueFrom: { secretKeyRef: { name: 'a', key: 'KEY' } } }] })],
  },
  'a namespace enforces the level restricted of Pod Security': {
    keeps: [{ metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'restricted' } } }],
    breaks: [{ metadata: {} }, { metadata: { labels: { 'pod-security.kubernetes.io/enforce': 'baseline' } } }],
  },
};
