import type { Cloud } from '../cloud.ts';
import { givenSecrets } from '../given/checks.ts';
import { machinesOnly } from '../machinesOnly.ts';
import { ovhLogin } from '../ovhLogin.ts';
import { policies } from './policies.ts';
import { problems } from './problems.ts';
import { clusterSettings, settings, settingsOf } from './settings.ts';

/** An existing Kubernetes cluster: systems are delivered as its workloads, by its own API and controllers */
export const kubernetes: Cloud = {
  name: 'kubernetes',
  capabilities: {
    ...machinesOnly,
    makesMachines: false,
    cluster: true,
    schedules: true,
    balancers: true,
    bucketApis: ['s3'],
  },
  settings,
  problems,
  secrets: (blueprint, { clouds }) => givenSecrets(blueprint, clouds.kubernetes),
  ownSecrets: ({ clouds }) => {
    const { kubeconfig, managed } = settingsOf(clouds.kubernetes);
    return managed || kubeconfig === 'in-cluster' ? {} : { [kubeconfig.secret]: 'the kubeconfig of the cluster' };
  },
  clusterSettings: ({ clouds }) => clusterSettings(clouds.kubernetes),
  standIns: ({ clouds }) => ({ images: settingsOf(clouds.kubernetes).images, without: {} }),
  network({ clouds }) {
    const { gateway, ingressClass } = settingsOf(clouds.kubernetes);
    return gateway ? `gateway ${gateway.name}` : `ingress ${ingressClass}`;
  },
  logins: {
    ovh: { ...ovhLogin, usedBy: (_, { clouds }) => settingsOf(clouds.kubernetes).managed !== undefined },
  },
  policies,
  rehearsal: {
    credentials: { OVH_CLIENT_ID: 'client', OVH_CLIENT_SECRET: 'ovh-secret' },
    resources: { 'ovh:CloudProject/kube:Kube': () => ({ kubeconfig: 'the-kubeconfig' }) },
    functions: {},
  },
  words: {},
  access: async (environment, secrets) => (await import('./access.ts')).clusterAccess(environment, secrets),
  program: async () => (await import('./program.ts')).kubernetes,
};
