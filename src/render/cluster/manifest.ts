/** An object of a cluster's API */
export interface Manifest {
  apiVersion: string;
  kind: Kind;
  metadata: Metadata;
  [field: string]: unknown;
}

export interface Metadata {
  name: string;
  /** Absent for what belongs to the whole cluster */
  namespace?: string;
  labels: Readonly<Record<string, string>>;
  annotations?: Readonly<Record<string, string>>;
}

export const kinds = {
  Namespace: 'v1',
  ConfigMap: 'v1',
  Secret: 'v1',
  Service: 'v1',
  ServiceAccount: 'v1',
  PersistentVolumeClaim: 'v1',
  Deployment: 'apps/v1',
  StatefulSet: 'apps/v1',
  Job: 'batch/v1',
  CronJob: 'batch/v1',
  HorizontalPodAutoscaler: 'autoscaling/v2',
  PodDisruptionBudget: 'policy/v1',
  NetworkPolicy: 'networking.k8s.io/v1',
  Ingress: 'networking.k8s.io/v1',
  HTTPRoute: 'gateway.networking.k8s.io/v1',
  Role: 'rbac.authorization.k8s.io/v1',
  RoleBinding: 'rbac.authorization.k8s.io/v1',
} as const;

export type Kind = keyof typeof kinds;

/** Annotation that tells Pulumi's provider not to wait for an object */
export const notAwaited = { 'pulumi.com/skipAwait': 'true' };

/** A manifest with its place in the delivery */
export interface Item {
  /** Name of its own among those of its kind, the same whatever the values: that of the resource in the stack's state */
  key: string;
  manifest: Manifest;
  /** Role that it belongs to; what belongs to none comes first */
  role?: string;
  /** `content`: named by what it holds, and kept for a way back; `data`: what an application has written */
  holds?: 'content' | 'data';
  /** Paths of fields that the cluster sets once the object stands. @default none */
  leaves?: readonly string[];
  /** Seconds that it may take to be ready or done. @default it is not waited for */
  waitSeconds?: number;
}
