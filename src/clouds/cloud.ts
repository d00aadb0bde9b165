import type * as pulumi from '@pulumi/pulumi';
import type { Bastion } from '../model/adoptedHost.ts';
import type { Blueprint } from '../model/blueprint.ts';
import type { AdoptedHours, CloudFace } from '../model/cloud.ts';
import type { ClusterAccess } from '../model/clusterAccess.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import type { Answers } from '../policy/answers.ts';
import type { Policy } from '../policy/policy.ts';
import type { Standing } from './standing.ts';

/** A cloud: its description, and its Pulumi program, which is loaded only for stacks that use the cloud */
export interface Cloud extends CloudFace {
  /** Checks of common scanners for the cloud's resources */
  policies: readonly Policy[];
  rehearsal: Rehearsal;
  /**
   * Returns how commands ask its cluster; only on a cluster
   * @param secrets its own, in plain text, and `kubeconfig` where the stack has made the cluster
   * @throws where its login is none
   */
  access?(environment: Environment, secrets: Readonly<Record<string, string>>): Promise<ClusterAccess>;
  adoptedHours?: AdoptedHours & { program(): Promise<(request: ProvisionRequest) => void> };
  program(): Promise<MachineCloud | ClusterCloud>;
}

/** Made-up provider answers, so that a program runs without an account and every output is known */
export interface Rehearsal {
  /** Made-up login variables of its providers */
  credentials: Readonly<Record<string, string>>;
  /** Outputs by type of resource */
  resources: Answers;
  /** Results by name of function */
  functions: Answers;
  /** Made-up result of the cloud's set-up, for clouds that have one */
  prepared?: unknown;
}

/** Pulumi program of a cloud of machines */
export interface MachineCloud {
  kind: 'machines';
  /**
   * Returns the problems that keep systems from being created on the cloud; called before the first resource. @default
   * no problems
   */
  obstacles?(environment: Environment, blueprints: readonly Blueprint[]): Promise<readonly Problem[]>;
  /** Declares the machines, networks, rules, buckets and log streams of one system */
  provision(request: ProvisionRequest): Provisioned;
}

/** Pulumi program of a cloud that is a cluster: it has workloads, and no machine that could be logged in to */
export interface ClusterCloud {
  kind: 'cluster';
  /**
   * Returns the problems that keep systems from being delivered, read from the cluster before the first resource
   * @param secrets secrets of the cloud itself, in plain text
   */
  obstacles(
    environment: Environment,
    blueprints: readonly Blueprint[],
    secrets: Readonly<Record<string, string>>,
  ): Promise<readonly Problem[]>;
  /** Declares the workloads of one system, and everything that they need */
  deliver(request: DeliveryRequest): Promise<Delivered>;
}

export interface DeliveryRequest extends Omit<ProvisionRequest, 'deployKey' | 'standing'> {
  /** Secrets of the cloud itself, by name without its prefix */
  ownSecrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Logins for private images, by registry */
  logins: Readonly<Record<string, { user: string; password: pulumi.Output<string> }>>;
  /** Replacement images by image reference */
  images: Readonly<Record<string, string>>;
}

export interface Delivered extends Pick<Provisioned, 'facts'> {
  /** Stack outputs about the workloads, for people and commands */
  cluster: Readonly<Record<string, unknown>>;
}

export interface ProvisionRequest {
  blueprint: Blueprint;
  environment: Environment;
  entry: SystemEntry;
  /** Secrets of the system, by name without the system's prefix */
  secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Public half of the stack's deploy key, one line */
  deployKey: pulumi.Output<string>;
  /** Resources in the stack's state after earlier deployments */
  standing: Standing;
  /** Parent of every resource of the system */
  parent: pulumi.Resource;
}

export interface Provisioned {
  /** Hosts by the machine's name */
  hosts: Readonly<Record<string, Host>>;
  /** Values by the reference that a blueprint may use; secret values are secret outputs */
  facts: Readonly<Record<string, pulumi.Output<string>>>;
  /** References whose values are secret */
  secretFacts: readonly string[];
  /** Networks that operators connect from, besides those that the environment names */
  operatorNetworks: readonly pulumi.Output<string>[];
  /** Registries that speak plain HTTP */
  plainRegistries: readonly string[];
  /** Called with each machine and its release, so that a balancer can wait for the release before it sends requests */
  afterRelease?(machine: string, release: pulumi.Resource): void;
}

/** A machine that is reachable over SSH: the same for every cloud */
export interface Host {
  name: string;
  role: string;
  index: number;
  address: pulumi.Output<string>;
  port: number;
  user: string;
  /** Public SSH host key, one line; every connection checks it */
  hostKey: pulumi.Output<string>;
  /** Jump host for SSH. @default a direct connection */
  proxy?: Bastion;
  /** Resource of the server; absent for an adopted machine. Replacing it runs every step again. */
  resource?: pulumi.Resource;
  /**
   * Id of the server. It also changes when the server was deleted outside of Pulumi and created again, which the engine
   * does not count as a replacement.
   */
  incarnation?: pulumi.Output<string>;
}
