import type * as pulumi from '@pulumi/pulumi';
import type { Bastion, Blueprint } from '../model/blueprint.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import type { Standing } from './standing.ts';

/** What every cloud answers: the one contract that everything above it knows */
export interface Cloud {
  /** Declares the machines, networks, rules, buckets and log streams of one system */
  provision(request: ProvisionRequest): Provisioned;
}

export interface ProvisionRequest {
  blueprint: Blueprint;
  environment: Environment;
  entry: SystemEntry;
  /** The system's own secrets, by name without its prefix */
  secrets: Readonly<Record<string, pulumi.Output<string>>>;
  /** Public half of the stack's deploy key, one line */
  deployKey: pulumi.Output<string>;
  /** What the stack has from deployments before */
  standing: Standing;
  /** What everything is a child of */
  parent: pulumi.Resource;
}

export interface Provisioned {
  /** By the machine's name */
  hosts: Readonly<Record<string, Host>>;
  /** One for each reference that a blueprint may name; a secret one is a secret output */
  facts: Readonly<Record<string, pulumi.Output<string>>>;
  /** References of those facts that are secret */
  secretFacts: readonly string[];
  /** Where connections of operators come from besides the networks that the environment names */
  operatorNetworks: readonly pulumi.Output<string>[];
  /** Registries that speak plain HTTP */
  plainRegistries: readonly string[];
  /** Called for each machine with its release: what sends it requests waits for that */
  afterRelease?(machine: string, release: pulumi.Resource): void;
}

/** A machine that can be reached over SSH: the same for every cloud */
export interface Host {
  name: string;
  role: string;
  index: number;
  address: pulumi.Output<string>;
  port: number;
  user: string;
  /** Public host key, one line: pinned by every connection */
  hostKey: pulumi.Output<string>;
  /** By way of which it is reached; none where it is reached from here */
  proxy?: Bastion;
  /** The server that was made; none for an adopted machine. Its replacement runs everything again */
  resource?: pulumi.Resource;
  /** The server's own id: one that was made anew after somebody deleted it is no replacement to the engine */
  incarnation?: pulumi.Output<string>;
}
