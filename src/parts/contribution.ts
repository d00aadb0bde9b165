import { operatorAccess } from '../model/access.ts';
import type {
  Balancer,
  Bucket,
  Cache,
  Declaration,
  DeclaredRole,
  DnsRecord,
  LogStream,
  Rule,
  ServerCertificate,
} from '../model/blueprint.ts';
import type { Edge } from '../model/edge.ts';
import type { Job } from '../model/job.ts';
import type { Exporter } from '../model/monitoring.ts';
import type { Service } from '../model/service.ts';

/** Fields of a declaration that one part of a system provides; `assemble` combines them */
export interface Contribution {
  /** Contributions by role. Exactly one part defines the machines of a role; others may add to the role. */
  roles?: Readonly<Record<string, RoleContribution>>;
  rules?: readonly Rule[];
  buckets?: readonly Bucket[];
  logStreams?: readonly LogStream[];
  caches?: readonly Cache[];
  balancers?: readonly Balancer[];
  records?: readonly DnsRecord[];
  /** Exporters of its services, the scrape targets of the system's monitoring machine, if it has one */
  exporters?: readonly Exporter[];
}

export interface RoleContribution {
  machines?: Machines;
  edge?: Edge;
  services?: readonly Service[];
  jobs?: readonly Job[];
  /** Names of services are added to those of other parts: a role has one certificate */
  certificate?: ServerCertificate;
}

/** Machines of a role: number, size, address, disk */
export type Machines = Omit<DeclaredRole, 'edge' | 'services' | 'jobs' | 'certificate'>;

/** Fields of a declaration that no part provides */
export type Heading = Pick<Declaration, 'system' | 'version' | 'url' | 'probe' | 'migrates' | 'domain'>;

/** Returns a contribution of services to a role */
export const runs = (role: string, ...services: readonly Service[]): Contribution => ({
  roles: { [role]: { services } },
});

/**
 * Combines parts, in their order, into a declaration, and lets operators log in to every role
 * @throws for a mistake in the system's code: a duplicate name, two edges of a role, a role without machines
 */
export function assemble(heading: Heading, parts: readonly Contribution[]): Declaration {
  const { system } = heading;
  const names = [...new Set(parts.flatMap(({ roles = {} }) => Object.keys(roles)))];
  const roles = Object.fromEntries(names.map((name) => [name, roleOf(system, name, parts)]));
  const named = {
    buckets: parts.flatMap(({ buckets = [] }) => buckets),
    logStreams: parts.flatMap(({ logStreams = [] }) => logStreams),
    caches: parts.flatMap(({ caches = [] }) => caches),
    balancers: parts.flatMap(({ balancers = [] }) => balancers),
  };
  for (const [kind, list] of Object.entries(named)) refuseTwice(system, kind, list);
  const rules = [...parts.flatMap((part) => part.rules ?? []), ...names.map(operatorAccess)];
  // Duplicate record names come from the environment file, whose check reports them with their path
  const records = parts.flatMap((part) => part.records ?? []);
  const exporters = parts.flatMap((part) => part.exporters ?? []);
  return { ...heading, roles, rules, ...named, records, ...(exporters.length > 0 && { exporters }) };
}

function roleOf(system: string, name: string, parts: readonly Contribution[]): DeclaredRole {
  const own = parts.flatMap(({ roles = {} }) => roles[name] ?? []);
  const [machines, second] = own.flatMap((one) => one.machines ?? []);
  const [edge, another] = own.flatMap((one) => one.edge ?? []);
  if (!machines) throw new Error(`system ${system}: no part says what the machines of role ${name} are`);
  if (second) throw new Error(`system ${system}: two parts say what the machines of role ${name} are`);
  if (another) throw new Error(`system ${system}: two parts bring an edge of role ${name}`);
  const services = own.flatMap((one) => one.services ?? []);
  const jobs = own.flatMap((one) => one.jobs ?? []);
  refuseTwice(system, `services and jobs of role ${name}`, [...services, ...jobs]);
  const certified = own.flatMap(({ certificate }) => certificate?.services ?? []);
  return {
    ...machines,
    ...(edge && { edge }),
    services,
    ...(jobs.length > 0 && { jobs }),
    ...(certified.length > 0 && { certificate: { services: certified } }),
  };
}

function refuseTwice(system: string, kind: string, list: readonly { name: string }[]): void {
  const names = list.map(({ name }) => name);
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`system ${system}: two parts bring ${kind} called ${twice}`);
}
