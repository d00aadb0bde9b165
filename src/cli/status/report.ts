import { clouds } from '../../clouds/registry.ts';
import { authorityRoots } from '../../render/authorityRoots.ts';
import type { SystemOutputs } from '../outputs.ts';
import { type Answer, ask } from './ask.ts';
import { redirectProblems, siteHealth, type Trust } from './health.ts';
import { machinesOff } from './off.ts';
import { greets, resolvedAddresses } from './reach.ts';
import type { RoleGroup } from './roles.ts';
import { siteOf } from './site.ts';

/** Output of `berth status --json`; keys may be added but are never renamed */
export interface StatusReport {
  stack: string;
  healthy: boolean;
  systems: Readonly<Record<string, SystemStatus>>;
}

export interface SystemStatus {
  healthy: boolean;
  cloud: string;
  url: string;
  version: {
    declared: string;
    answers: string | null;
    /** Set where its site tells no version */
    told?: false;
  };
  problems: readonly string[];
  /** Absent where nothing answered */
  answered?: { status: number; address: string; milliseconds: number };
  /** Absent without TLS */
  certificate?: { issuer: string; validUntil: string; trusted: boolean };
  machines: Readonly<Record<string, MachineStatus>>;
  /** Its workloads by role, where it is in a cluster and has no machines */
  cluster?: SystemOutputs['cluster'];
  /** What the machines run, by role; absent where they were not asked */
  roles?: Readonly<Record<string, readonly RoleGroup[]>>;
  records: readonly RecordStatus[];
}

export interface MachineStatus {
  role: string;
  publicAddress: string;
  privateAddress: string;
  /**
   * `closed` also where this computer is outside the operators' networks; for a machine behind a bastion, the state of
   * the bastion
   */
  ssh: 'answers' | 'closed';
  /** Address of the machine's bastion */
  bastion?: string;
  /**
   * Hours in words, where the machine is off by its schedule; its system's site is then not asked and counts as healthy
   */
  off?: string;
  /** Command that removes berth from an adopted machine after it has left the stack */
  retire?: string;
}

export interface RecordStatus {
  name: string;
  type: string;
  value: string;
  /** IPv4 addresses of the name, as this computer resolves it */
  resolves: readonly string[];
  /** IPv6 addresses of the name. Machines have none, but certificate authorities and many visitors try them first. */
  elsewhere?: readonly string[];
}

/** Returns the status of a stack as seen from this computer; all requests run at the same time */
export async function statusOf(stack: string, systems: Readonly<Record<string, SystemOutputs>>): Promise<StatusReport> {
  const all = await Promise.all(
    Object.entries(systems).map(async ([name, outputs]) => [name, await systemStatus(outputs)] as const),
  );
  return { stack, healthy: all.every(([, { healthy }]) => healthy), systems: Object.fromEntries(all) };
}

async function systemStatus(outputs: SystemOutputs): Promise<SystemStatus> {
  const { cloud, url, version } = outputs;
  const off = await machinesOff(outputs.machines);
  const isOff = Object.keys(off).length > 0;
  const trust = { by: trustedBy(outputs), now: new Date() };
  const [answer, others, machines, records] = await Promise.all([
    isOff ? notAsked : asked(outputs),
    isOff ? [] : otherProblems(outputs, trust),
    Promise.all(
      Object.entries(outputs.machines).map(async ([name, machine]) => [name, await greets(machine)] as const),
    ),
    Promise.all(outputs.records.map((record) => recordStatus(record, cloud))),
  ]);
  const own = isOff ? { answers: undefined, problems: [] } : siteHealth(answer, toldVersion(outputs), trust);
  const problems = [...own.problems, ...others];
  const healthy = problems.length === 0;
  const greeted = new Map(machines);
  return {
    healthy,
    cloud,
    url,
    version: {
      ...{ declared: version, answers: own.answers ?? null },
      ...(outputs.probe.tellsVersion === false && { told: false }),
    },
    problems,
    ...(outputs.cluster && { cluster: outputs.cluster }),
    ...answerParts(answer),
    machines: Object.fromEntries(
      Object.entries(outputs.machines).map(([name, { role, publicAddress, privateAddress, ssh, retire }]) => [
        name,
        {
          ...{ role, publicAddress, privateAddress, ssh: greeted.get(name) ? 'answers' : 'closed' },
          ...(ssh.proxy && { bastion: ssh.proxy.address }),
          ...(off[name] !== undefined && { off: off[name] }),
          ...(retire !== undefined && { retire }),
        },
      ]),
    ),
    records,
  };
}

const toldVersion = ({ version, probe }: SystemOutputs): string | undefined =>
  probe.tellsVersion === false ? undefined : version;

const rehearsing = 'letsencrypt-staging';

function trustedBy({ cloud, authority }: SystemOutputs): Trust['by'] {
  if (clouds[cloud]?.capabilities.onThisComputer) return 'anyone';
  return authority === rehearsing ? 'rehearsal' : 'browsers';
}

const asked = (outputs: SystemOutputs, name?: string): Promise<Answer> =>
  ask(siteOf(outputs, name), trustedBy(outputs) === 'rehearsal' ? authorityRoots(rehearsing) : undefined);

/** Returns the problems of a site's other names, each with its name */
async function otherProblems(outputs: SystemOutputs, trust: Trust): Promise<readonly string[]> {
  const { alsoAt = [], redirectFrom = [] } = outputs;
  const site = siteOf(outputs).url;
  const problems = await Promise.all([
    ...alsoAt.map(async (name) => ({
      name,
      found: siteHealth(await asked(outputs, name), toldVersion(outputs), trust).problems,
    })),
    ...redirectFrom.map(async (name) => ({
      name,
      found: redirectProblems(await asked(outputs, name), site, trust),
    })),
  ]);
  return problems.flatMap(({ name, found }) => found.map((problem) => `at ${name} ${problem}`));
}

/**
 * Returns a record and the addresses that its name resolves to
 * @param asked resolves a name's addresses of one family. @default this computer's DNS
 */
export async function recordStatus(
  record: SystemOutputs['records'][number],
  cloud: string,
  asked = resolvedAddresses,
): Promise<RecordStatus> {
  // Local names are in no DNS, and a balancer's record may have addresses of both families
  const both = !clouds[cloud]?.capabilities.onThisComputer && record.type === 'A';
  const [resolves, elsewhere] = await Promise.all([asked(record, 4), both ? asked(record, 6) : []]);
  return { ...record, resolves, ...(elsewhere.length > 0 && { elsewhere }) };
}

const notAsked: Answer = { kind: 'silence', reason: 'a machine is off by its schedule' };

function answerParts(answer: Answer): Pick<SystemStatus, 'answered' | 'certificate'> {
  if (answer.kind === 'silence') return {};
  const { status, address, milliseconds, certificate } = answer;
  if (!certificate) return { answered: { status, address, milliseconds } };
  const { issuer, validUntil, trusted } = certificate;
  return {
    answered: { status, address, milliseconds },
    certificate: { issuer, validUntil: validUntil.toISOString(), trusted },
  };
}
