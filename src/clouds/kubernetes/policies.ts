import { at, listAt, type PlannedResource, type Policy } from '../../policy/policy.ts';

const byClock = 'kubernetes:batch/v1:CronJob';

/** Where the template of the pods lies in each kind of workload */
const workloads = {
  'kubernetes:apps/v1:Deployment': ['spec', 'template', 'spec'],
  'kubernetes:apps/v1:StatefulSet': ['spec', 'template', 'spec'],
  'kubernetes:batch/v1:Job': ['spec', 'template', 'spec'],
  [byClock]: ['spec', 'jobTemplate', 'spec', 'template', 'spec'],
} as const;

type Check = Omit<Policy, 'type' | 'holds'> & {
  /** Types that it is about. @default all workloads */
  of?(type: string): boolean;
  /** Whether the pods of a workload satisfy it */
  pod?(pod: unknown): boolean;
  /** Whether each of their containers does */
  container?(container: unknown): boolean;
};

const checks: readonly Check[] = [
  {
    ids: ['KSV-0001', 'CKV_K8S_20'],
    what: 'a container cannot gain rights',
    container: (one) => at(one, 'securityContext', 'allowPrivilegeEscalation') === false,
  },
  {
    ids: ['KSV-0003', 'CKV_K8S_37'],
    what: 'a container has no capabilities',
    container: (one) => listAt(one, 'securityContext', 'capabilities', 'drop').includes('ALL'),
  },
  {
    ids: ['KSV-0014', 'CKV_K8S_22'],
    what: 'the root of a container is read-only',
    container: (one) => at(one, 'securityContext', 'readOnlyRootFilesystem') === true,
  },
  {
    ids: ['KSV-0018', 'CKV_K8S_13'],
    what: 'a container has a memory limit',
    container: (one) => at(one, 'resources', 'limits', 'memory') !== undefined,
  },
  {
    ids: ['KSV-0011', 'CKV_K8S_11'],
    what: 'a container has a limit of processors',
    container: (one) => at(one, 'resources', 'limits', 'cpu') !== undefined,
    except: { why: 'processors are a weight: what others leave idle is not withheld from a request' },
  },
  {
    ids: ['KSV-0012', 'CKV_K8S_23'],
    what: 'no container runs as root',
    pod: (one) => at(one, 'securityContext', 'runAsNonRoot') === true,
  },
  {
    ids: ['KSV-0104', 'CKV_K8S_31'],
    what: "pods have the runtime's seccomp profile",
    pod: (one) => at(one, 'securityContext', 'seccompProfile', 'type') === 'RuntimeDefault',
  },
  {
    ids: ['KSV-0036', 'CKV_K8S_38'],
    what: 'pods have no token of an account',
    pod: (one) => at(one, 'automountServiceAccountToken') === false,
    of: (type) => type !== byClock,
  },
  {
    ids: ['KSV-0036', 'CKV_K8S_38'],
    what: 'what runs by the clock has no token of an account',
    pod: (one) => at(one, 'automountServiceAccountToken') === false,
    of: (type) => type === byClock,
    except: { why: 'it scales one workload, and its account may do that alone' },
  },
  {
    ids: ['CKV_K8S_35'],
    what: 'secrets are files and no variables',
    container: (one) => listAt(one, 'env').every((variable) => at(variable, 'valueFrom', 'secretKeyRef') === undefined),
    except: { why: 'applications read their settings from variables, on machines as here' },
  },
];

const containersOf = (pod: unknown): readonly unknown[] => [
  ...listAt(pod, 'initContainers'),
  ...listAt(pod, 'containers'),
];

const ofPods: readonly Policy[] = Object.entries(workloads).flatMap(([type, path]) =>
  checks
    .filter(({ of = () => true }) => of(type))
    .map(
      ({ pod = () => true, container = () => true, of: _, ...check }): Policy => ({
        ...check,
        type,
        holds({ inputs }: PlannedResource) {
          const spec = at(inputs, ...path);
          return pod(spec) && containersOf(spec).every(container);
        },
      }),
    ),
);

/** Checks of common scanners for workloads of a cluster */
export const policies: readonly Policy[] = [
  ...ofPods,
  {
    ids: ['CKV_K8S_21'],
    what: 'a namespace enforces the level restricted of Pod Security',
    type: 'kubernetes:core/v1:Namespace',
    holds: ({ inputs }) => at(inputs, 'metadata', 'labels', 'pod-security.kubernetes.io/enforce') === 'restricted',
  },
];
