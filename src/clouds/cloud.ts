import type * as pulumi from '@pulumi/pulumi';
import type { Bastion, Blueprint } from '../model/blueprint.ts';
import type { AdoptedHours, CloudFace } from '../model/cloud.ts';
import type { Environment, SystemEntry } from '../model/environment.ts';
import type { Problem } from '../model/problem.ts';
import type { Answers } from '../policy/answers.ts';
import type { Policy } from '../policy/policy.ts';
import type { Standing } from './standing.ts';

/** A whole cloud: its pure face, and a way to its other one, which is loaded where a stack uses it and nowhere else */
export interface Cloud extends CloudFace {
  /** What scanners ask of its resources */
  policies: readonly Policy[];
  rehearsal: Rehearsal;
  adoptedHours?: AdoptedHours & { program(): Promise<(request: ProvisionRequest) => void> };
  program(): Promise<MachineCloud>;
}

/** What stands in for its providers where a program runs without an account, so that everything downstream is known */
export interface Rehearsal {
  /** Made up, none of it real: what its providers want to log in with */
  credentials: Readonly<Record<string, string>>;
  /** By type of resource */
  resources: Answers;
  /** By function */
  functions: Answers;
  /** Where its set-up writes something: the same, made up */
  prepared?: unknown;
}

/** A cloud's Pulumi face, of a cloud of machines */
export interface MachineCloud {
  kind: 'machines';
  /** What keeps the systems that are on it from being made, asked before the first resource. @default nothing */
  obstacles?(environment: Environment, blueprints: readonly Blueprint[]): Promise<readonly Problem[]>;
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
