import type * as pulumi from '@pulumi/pulumi';
import type { Balancer, Bucket, Cache, LogStream, Role, Schedule } from '../model/blueprint.ts';
import type {
  AcmeFacts,
  BalancerFacts,
  BucketFacts,
  CacheFacts,
  LogStreamFacts,
  MachineFacts,
} from '../model/facts.ts';
import type { MachineName } from '../model/names.ts';
import type { Host, MachineCloud, ProvisionRequest } from './cloud.ts';

/** A value that only the cloud knows */
export interface Fact {
  value: pulumi.Input<string>;
  secret: boolean;
}

export const plain = (value: pulumi.Input<string>): Fact => ({ value, secret: false });
export const secret = (value: pulumi.Input<string>): Fact => ({ value, secret: true });

/** Makes one part of a system with what its parts share, and gives what is known of it */
type Maker<Shared, Part, Made> = (shared: Shared, part: Part) => Made;

/**
 * What a cloud of machines makes a system of, for the one walk over its blueprint. A maker that is absent is nothing that
 * the cloud has, which its capabilities say too.
 */
export interface Makers<Shared, Machine extends MadeMachine, Spreader extends MadeBalancer<Machine>> {
  /** What the parts of a system share, made before them: providers, networks, security groups, keys */
  shared(request: ProvisionRequest): Shared;
  machine: Maker<Shared, Slot, Machine>;
  bucket: Maker<Shared, Bucket, BucketFacts<Fact>>;
  logStream: Maker<Shared, LogStream, LogStreamFacts<Fact>>;
  cache?: Maker<Shared, Cache, CacheFacts<Fact>>;
  balancer?: Maker<Shared, Balancer, Spreader>;
  /** A public name, where it lies in a zone of the settings; the outputs print all of them */
  record?: Maker<Shared, PublicName<Machine, Spreader>, void>;
  /** When the machines of a role run */
  hours?: Maker<Shared, Hours<Machine>, void>;
  /** Who issues certificates. @default the authority of the environment */
  acme?: (shared: Shared) => AcmeFacts<Fact>;
  /** Where connections of operators come from besides the networks that the environment names. @default nowhere */
  operatorNetworks?: (shared: Shared) => readonly pulumi.Output<string>[];
  /** Registries that speak plain HTTP. @default none */
  plainRegistries?: readonly string[];
  obstacles?: MachineCloud['obstacles'];
}

/** A machine to be made */
export interface Slot {
  machine: MachineName;
  role: Role;
}

export interface MadeMachine {
  host: Host;
  facts: MachineFacts<Fact>;
}

export interface MadeBalancer<Machine> {
  facts: BalancerFacts<Fact>;
  /** Gives requests to a machine, once it has its release */
  attach(machine: Machine, release: pulumi.Resource): void;
}

export interface PublicName<Machine, Spreader> {
  name: string;
  to: { machine: Machine } | { balancer: Spreader };
}

export interface Hours<Machine> {
  role: string;
  schedule: Schedule;
  machines: readonly Machine[];
}
