import type * as pulumi from '@pulumi/pulumi';
import type { Balancer, Bucket, Cache, LogStream, Role, Schedule } from '../model/blueprint.ts';
import type {
  AcmeFacts,
  BalancerFacts,
  BucketFacts,
  CacheFacts,
  CertificateFacts,
  FailoverFacts,
  LogStreamFacts,
  MachineFacts,
} from '../model/facts.ts';
import type { MachineName } from '../model/names.ts';
import type { Host, MachineCloud, ProvisionRequest } from './cloud.ts';

/** A value that is only known once the cloud has created the resource */
export interface Fact {
  value: pulumi.Input<string>;
  secret: boolean;
}

export const plainFact = (value: pulumi.Input<string>): Fact => ({ value, secret: false });
export const secretFact = (value: pulumi.Input<string>): Fact => ({ value, secret: true });

/** Creates one part of a system and returns its facts, or its resources */
type Maker<Shared, Part, Made> = (shared: Shared, part: Part) => Made;

/**
 * Functions with which a cloud of machines creates the parts of a system. A cloud leaves out the makers of parts that
 * it lacks, and its capabilities say the same.
 */
export interface Makers<Shared, Machine extends MadeMachine, Spreader extends MadeBalancer<Machine>> {
  /** Creates what the parts of a system share, before any part: providers, networks, security groups, keys */
  shared(request: ProvisionRequest): Shared;
  machine: Maker<Shared, Slot, Machine>;
  bucket: Maker<Shared, Bucket, BucketFacts<Fact>>;
  logStream: Maker<Shared, LogStream, LogStreamFacts<Fact>>;
  /** Creates the system's own certificate authority and returns what issues its certificates */
  authority(request: ProvisionRequest): Issuer;
  cache?: Maker<Shared, Cache, CacheFacts<Fact>>;
  balancer?: Maker<Shared, Balancer, Spreader>;
  /** Creates the address that leads to whichever machine of a role works */
  failover?: Maker<Shared, FailoverRole<Machine>, MadeFailover<Machine>>;
  /** Creates the DNS record of a public name that lies in a zone of the settings; the outputs list all names */
  record?: Maker<Shared, PublicName<Machine, Spreader>, void>;
  /** Schedules the running hours of a role's machines */
  hours?: Maker<Shared, ScheduledMachines<Machine>, void>;
  /** Returns the certificate authority. @default the environment's authority */
  acme?: (shared: Shared) => AcmeFacts<Fact>;
  /** Returns networks that operators connect from, besides those that the environment names. @default none */
  operatorNetworks?: (shared: Shared) => readonly pulumi.Output<string>[];
  /** Registries that speak plain HTTP. @default none */
  plainRegistries?: readonly string[];
  obstacles?: MachineCloud['obstacles'];
}

/** Issues a certificate of the system's own authority */
export type Issuer = (wanted: WantedCertificate) => CertificateFacts<Fact>;

export interface WantedCertificate {
  role: string;
  /** DNS names and IPv4 addresses that it is valid for */
  names: readonly string[];
  addresses: readonly pulumi.Input<string>[];
}

/** A machine to be created */
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
  /** Adds a machine to the balancer, after its release */
  attach(machine: Machine, release: pulumi.Resource): void;
}

/** A role whose machines have one address in common */
export interface FailoverRole<Machine> {
  name: string;
  role: Role;
  machines: readonly Machine[];
}

export interface MadeFailover<Machine> {
  facts: FailoverFacts<Fact>;
  /** Name of the cloud's balancer of connections, where it has the address */
  alias?: { dnsName: pulumi.Input<string>; zoneId: pulumi.Input<string> };
  /** Adds a machine, after its release. @default the machines see to it themselves */
  attach?(machine: Machine, release: pulumi.Resource): void;
}

export interface PublicName<Machine, Spreader> {
  name: string;
  to: { machine: Machine } | { balancer: Spreader } | { failover: MadeFailover<Machine> };
}

export interface ScheduledMachines<Machine> {
  role: string;
  schedule: Schedule;
  machines: readonly Machine[];
}
