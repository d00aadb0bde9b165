import { CustomResource } from '@pulumi/kubernetes/apiextensions/customResource.js';
import { Deployment } from '@pulumi/kubernetes/apps/v1/deployment.js';
import { StatefulSet } from '@pulumi/kubernetes/apps/v1/statefulSet.js';
import { HorizontalPodAutoscaler } from '@pulumi/kubernetes/autoscaling/v2/horizontalPodAutoscaler.js';
import { CronJob } from '@pulumi/kubernetes/batch/v1/cronJob.js';
import { Job } from '@pulumi/kubernetes/batch/v1/job.js';
import { ConfigMap } from '@pulumi/kubernetes/core/v1/configMap.js';
import { Namespace } from '@pulumi/kubernetes/core/v1/namespace.js';
import { PersistentVolumeClaim } from '@pulumi/kubernetes/core/v1/persistentVolumeClaim.js';
import { Secret } from '@pulumi/kubernetes/core/v1/secret.js';
import { Service } from '@pulumi/kubernetes/core/v1/service.js';
import { ServiceAccount } from '@pulumi/kubernetes/core/v1/serviceAccount.js';
import { Ingress } from '@pulumi/kubernetes/networking/v1/ingress.js';
import { NetworkPolicy } from '@pulumi/kubernetes/networking/v1/networkPolicy.js';
import { PodDisruptionBudget } from '@pulumi/kubernetes/policy/v1/podDisruptionBudget.js';
import { Role } from '@pulumi/kubernetes/rbac/v1/role.js';
import { RoleBinding } from '@pulumi/kubernetes/rbac/v1/roleBinding.js';
import type * as pulumi from '@pulumi/pulumi';
import { type Kind, kinds } from '../../render/cluster/manifest.ts';

/** Resource of the genuine SDK; its arguments are a manifest, which the tests check against the API's own schemas */
type Maker = new (
  name: string,
  args: Record<string, pulumi.Output<unknown>>,
  options: pulumi.CustomResourceOptions,
) => pulumi.CustomResource;

/** A kind that the SDK has no class for */
const custom = (kind: Kind) =>
  class extends CustomResource {
    constructor(name: string, args: Record<string, pulumi.Output<unknown>>, options: pulumi.CustomResourceOptions) {
      super(name, { apiVersion: kinds[kind], kind, ...args }, options);
    }
  };

/** Classes of the SDK by kind of object */
export const makers = {
  ...{ Namespace, ConfigMap, Secret, Service, ServiceAccount, PersistentVolumeClaim },
  ...{
    Deployment,
    StatefulSet,
    Job,
    CronJob,
    HorizontalPodAutoscaler,
    PodDisruptionBudget,
    NetworkPolicy,
    Ingress,
    Role,
    RoleBinding,
  },
  HTTPRoute: custom('HTTPRoute'),
} as unknown as Readonly<Record<Kind, Maker>>;
