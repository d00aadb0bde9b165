/** Returns a service account that may do this in the whole cluster */
export const account = (name: string, namespace: string, rules: readonly object[]): object[] => [
  { apiVersion: 'v1', kind: 'ServiceAccount', metadata: { name, namespace } },
  { apiVersion: 'rbac.authorization.k8s.io/v1', kind: 'ClusterRole', metadata: { name: `local:${name}` }, rules },
  {
    apiVersion: 'rbac.authorization.k8s.io/v1',
    kind: 'ClusterRoleBinding',
    metadata: { name: `local:${name}` },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: `local:${name}` },
    subjects: [{ kind: 'ServiceAccount', name, namespace }],
  },
];
