import { clouds } from '../../clouds/registry.ts';
import { authorityRoots } from '../../render/authorityRoots.ts';
import type { SystemOutputs } from '../outputs.ts';
import { type Answer, ask } from './ask.ts';
import { redirectProblems, siteHealth, type Trust } from './health.ts';
import { machinesOff } from './off.ts';
import { addressesOf, greets } from './reach.ts';
import { siteOf } from './site.ts';

/** What `berth status --json` prints: keys are added, never renamed */
export interface StatusReport {
  stack: string;
  healthy: boolean;
  systems: Readonly<Record<string, SystemStatus>>;
}

export interface SystemStatus {
  healthy: boolean;
  cloud: string;
  url: string;
  version: { declared: string; answers: string | null };
  problems: readonly string[];
  /** Absent where nothing answered */
  answered?: { status: number; address: string; milliseconds: number };
  /** Absent without TLS */
  certificate?: { issuer: string; validUntil: string; trusted: boolean };
  machines: Readonly<Record<string, MachineStatus>>;
  records: readonly RecordStatus[];
}

export interface MachineStatus {
  role: string;
  publicAddress: string;
  privateAddress: string;
  /** `closed` also where this computer isn't in the operators' networks; of a machine behind a bastion, the bastion's */
  ssh: 'answers' | 'closed';
  /** The address of the bastion by way of which it is reached */
  bastion?: string;
  /** Off by its schedule: until when, in words. Its system's site is not asked, which is no fault of it */
  off?: string;
  /** Of a machine that somebody else made: what a person runs once it has left the stack */
  retire?: string;
}

export interface RecordStatus {
  name: string;
  type: string;
  value: string;
  /** What the name has from here, IPv4 */
  resolves: readonly string[];
  /** What an AAAA record of the name says, where there is one: no machine has such an address, but an authority and many visitors ask there first */
  elsewhere?: readonly string[];
}

/** A stack as it is seen from here: everything is asked at once */
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
  const own = isOff ? { answers: undefined, problems: [] } : siteHealth(answer, version, trust);
  const problems = [...own.problems, ...others];
  const healthy = problems.length === 0;
  const greeted = new Map(machines);
  return {
    healthy,
    cloud,
    url,
    version: { declared: version, answers: own.answers ?? null },
    problems,
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

const rehearsing = 'letsencrypt-staging';

function trustedBy({ cloud, authority }: SystemOutputs): Trust['by'] {
  if (clouds[cloud]?.capabilities.onThisComputer) return 'anyone';
  return authority === rehearsing ? 'rehearsal' : 'browsers';
}

const asked = (outputs: SystemOutputs, name?: string): Promise<Answer> =>
  ask(siteOf(outputs, name), trustedBy(outputs) === 'rehearsal' ? authorityRoots(rehearsing) : undefined);

/** What is wrong at the further names of a site, each with its name */
async function otherProblems(outputs: SystemOutputs, trust: Trust): Promise<readonly string[]> {
  const { version, alsoAt = [], redirectFrom = [] } = outputs;
  const site = siteOf(outputs).url;
  const problems = await Promise.all([
    ...alsoAt.map(async (name) => ({
      name,
      found: siteHealth(await asked(outputs, name), version, trust).problems,
    })),
    ...redirectFrom.map(async (name) => ({
      name,
      found: redirectProblems(await asked(outputs, name), site, trust),
    })),
  ]);
  return problems.flatMap(({ name, found }) => found.map((problem) => `at ${name} ${problem}`));
}

/**
 * What a record says and what its name has, from here.
 * @param asked who knows a name's addresses of one kind. @default this computer's DNS
 */
export async function recordStatus(
  record: SystemOutputs['records'][number],
  cloud: string,
  asked = addressesOf,
): Promise<RecordStatus> {
  // A local name is in no DNS, and a balancer's own record may have addresses of both kinds
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
