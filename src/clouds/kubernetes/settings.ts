import { z } from 'zod';
import { secretByName } from '../../config/applicationFields.ts';
import { guided } from '../../config/guide.ts';
import { pathText } from '../../config/path.ts';
import type { ClusterSettings } from '../../model/cloud.ts';
import { givenFields, word } from '../given/settings.ts';
import { managed } from './managedSettings.ts';

const named = (noun: string, description: string, example: string) =>
  word(noun, description, example, /^[a-z0-9](?:[a-z0-9.-]{0,251}[a-z0-9])?$/);

/** An existing cluster */
export const settings = guided(
  z
    .strictObject({
      kubeconfig: guided(
        z
          .union([z.literal('in-cluster'), secretByName])
          .describe(
            "Name of the secret with the kubeconfig, in berth:secrets under the cloud's name; `in-cluster` where berth runs in a " +
              'pod of the cluster, with the rights of its account.',
          ),
        { allowed: '{ secret: <name> }, or in-cluster' },
      ).default({ secret: 'kubeconfig' }),
      managed: managed.exactOptional(),
      context: word(
        'the name of a context',
        'The context of the kubeconfig. @default its current one',
        'prod',
        /^[^\s]{1,253}$/,
      ).exactOptional(),
      ingressClass: named('the name of an IngressClass', 'The class that serves public names.', 'traefik').default(
        'traefik',
      ),
      gateway: guided(
        z
          .strictObject({
            name: named('the name of a Gateway', 'Name of the Gateway.', 'public'),
            namespace: named('the name of a namespace', 'Its namespace.', 'gateways'),
            listener: named(
              'the name of a listener',
              "The listener that public names are given to; its certificate is the gateway's.",
              'https',
            ),
          })
          .describe('A Gateway of the Gateway API that serves public names, in place of an IngressClass.'),
        { allowed: 'a block such as { name: public, namespace: gateways, listener: https }' },
      ).exactOptional(),
      ingressNamespace: named(
        'the name of a namespace',
        "The namespace of the ingress's pods: they alone reach what the internet may reach.",
        'ingress',
      ).default('ingress'),
      storageClass: named(
        'the name of a StorageClass',
        "The class of volumes that hold data. @default the cluster's default class",
        'csi-cinder-high-speed',
      ).exactOptional(),
      issuer: named(
        'the name of a ClusterIssuer',
        'The ClusterIssuer of cert-manager that gives the certificates of public names (tls: acme).',
        'letsencrypt',
      ).exactOptional(),
      certResolver: word(
        'the name of a certificate resolver',
        'The certificate resolver of Traefik that gives them, where there is no cert-manager.',
        'letsencrypt',
        /^[\w-]{1,63}$/,
      ).exactOptional(),
      kubectlImage: word(
        'an image',
        'An image with kubectl, which starts and stops workloads that have a schedule.',
        'registry.k8s.io/kubectl:v1.34.4',
        /^[^\s]+[:@][^\s]+$/,
      ).default('registry.k8s.io/kubectl:v1.34.4'),
      toolsImage: word(
        'an image',
        'An image with a shell and nc, by which jobs wait until they may reach what they call: policies learn of a new pod late.',
        'docker.io/library/busybox:1.37.0',
        /^[^\s]+[:@][^\s]+$/,
      ).default('docker.io/library/busybox:1.37.0'),
      startSeconds: guided(
        z
          .int()
          .min(10)
          .max(3600)
          .describe(
            'Seconds that a pod may take to find a node and pull its images: a release that fails by then is given up.',
          ),
        { allowed: 'a number of seconds from 10 to 3600' },
      ).default(300),
      images: guided(
        z
          .record(z.string(), z.string())
          .describe("Images of a registry of the cluster's own, by the image that each replaces."),
        { allowed: 'images by image, such as { "docker.io/library/redis:7.4.6": "registry.example.org/redis:7.4.6" }' },
      ).default({}),
      ...givenFields,
    })
    .describe('An existing Kubernetes cluster.'),
  { allowed: 'a block with ingressClass, ingressNamespace and storageClass' },
);

export type KubernetesSettings = z.infer<typeof settings>;

declare module '../../model/environment.ts' {
  interface CloudSettings {
    kubernetes?: KubernetesSettings;
  }
}

/** Path of a setting in the environment file */
export const at = (...keys: string[]): string => pathText(['berth:clouds', 'kubernetes', ...keys]);

/** Where the file says nothing, everything has its default */
export const settingsOf = (given: KubernetesSettings | undefined): KubernetesSettings => given ?? settings.parse({});

/** Returns what the manifests depend on */
export const clusterSettings = (given: KubernetesSettings | undefined): ClusterSettings => {
  const { ingressClass, gateway, ingressNamespace, storageClass, issuer, certResolver, ...rest } = settingsOf(given);
  const { kubectlImage, toolsImage, startSeconds } = rest;
  return {
    ...{ ingressClass, ingressNamespace, kubectlImage, toolsImage, startSeconds },
    ...(gateway && { gateway }),
    ...(storageClass !== undefined && { storageClass }),
    ...(issuer !== undefined && { issuer }),
    ...(certResolver !== undefined && { certResolver }),
  };
};
