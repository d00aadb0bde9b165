import { clouds } from '../../clouds/registry.ts';
import { table } from '../table.ts';
import type { HostDifference } from './check.ts';
import { isTestAuthority } from './health.ts';
import type { MachineStatus, RecordStatus, StatusReport, SystemStatus } from './report.ts';
import type { RoleGroup } from './roles.ts';

/** Returns a report for people as one table, with one line for each item */
export function statusTable({ systems }: StatusReport): string {
  const rows = Object.entries(systems).flatMap(([system, status]) =>
    [
      ['version', `${status.version.declared} on ${status.cloud}`, versionState(status)],
      ['url', status.url, urlState(status)],
      ...(status.certificate ? [['certificate', certificateName(status), certificateState(status.certificate)]] : []),
      ...workloadRows(status),
      ...Object.entries(status.machines).map(([name, machine]) => ['machine', name, machineState(machine)]),
      ...Object.entries(status.roles ?? {}).flatMap(([role, groups]) => roleRows(role, groups)),
      ...Object.entries(status.machines).flatMap(([name, { retire }]) => (retire ? [['retire', name, retire]] : [])),
      ...status.records.map((record) => ['dns', dnsName(record), dnsState(record, status.cloud)]),
    ].map((row) => [system, ...row]),
  );
  return table(['SYSTEM', 'WHAT', 'NAME', 'STATE'], rows);
}

const workloadRows = ({ cluster }: SystemStatus): readonly string[][] =>
  Object.values(cluster?.workloads ?? {}).map(({ kind, name, pods, mostPods }) => [
    'workload',
    `${kind} ${name}`,
    `${podsText(pods, mostPods)} declared in namespace ${cluster?.namespace}`,
  ]);

const podsText = (pods: number, most = pods): string =>
  most > pods ? `${pods} to ${most} pods` : `${pods} ${pods === 1 ? 'pod' : 'pods'}`;

/** Returns the differences of machines from their releases as a table for people */
export function differencesTable(differences: readonly HostDifference[]): string {
  if (differences.length === 0) return 'No machine differs from its release.\n';
  const rows = differences.map(({ machine, kind, what, difference }) => [machine, kind, `${what} ${difference}`]);
  const unreachable = differences.some(({ kind }) => kind === 'unreachable');
  return (
    table(['MACHINE', 'KIND', 'DIFFERENCE'], rows) +
    (unreachable ? "\nSSH is only open to the operators' networks: is this computer in one of them?\n" : '')
  );
}

function versionState({ version: { declared, answers, told }, machines }: SystemStatus): string {
  if (isOff(machines)) return 'not checked';
  if (told === false) return 'its site tells no version';
  if (answers === null) return 'UNKNOWN';
  return answers === declared ? 'answers' : `WRONG: ${answers} answers`;
}

function urlState({ healthy, problems, answered, machines }: SystemStatus): string {
  if (isOff(machines)) return 'not checked: a machine is off by its schedule';
  if (!healthy) return `UNHEALTHY: ${problems.join('; ')}`;
  return `healthy${answered ? `: ${answered.status} from ${answered.address} in ${answered.milliseconds} ms` : ''}`;
}

const certificateName = ({ certificate }: SystemStatus): string => certificate?.issuer ?? '';

function certificateState({ issuer, trusted, validUntil }: NonNullable<SystemStatus['certificate']>): string {
  const trust = isTestAuthority(issuer)
    ? 'a test authority that browsers do not trust'
    : 'not trusted by this computer';
  const days = Math.floor((Date.parse(validUntil) - Date.now()) / dayMs);
  const soon = days < renewedBeforeDays ? `, EXPIRES IN ${Math.max(0, days)} DAYS: renew it` : '';
  return `valid until ${validUntil.slice(0, 10)}${soon}${trusted ? '' : `, ${trust}`}`;
}

const dayMs = 24 * 60 * 60 * 1000;
/**
 * Authorities' certificates are renewed a month before they expire: fewer days mean a late renewal or a certificate of
 * one's own
 */
export const renewedBeforeDays = 21;

/** Whether a machine of a system is off by its schedule */
export const isOff = (machines: SystemStatus['machines']): boolean =>
  Object.values(machines).some(({ off }) => off !== undefined);

function machineState({ role, publicAddress, privateAddress, ssh, bastion, off }: MachineStatus): string {
  const addresses = publicAddress === privateAddress ? publicAddress : `${publicAddress} (${privateAddress} inside)`;
  if (off !== undefined) return `${role} at ${addresses}, ${off}`;
  const whose = bastion === undefined ? 'SSH' : `SSH of its bastion ${bastion}`;
  return `${role} at ${addresses}, ${whose} ${ssh === 'answers' ? 'answers' : 'does not answer this computer'}`;
}

/** Lines of a role with several machines, and of one whose machine is behind or not well: one for each group */
function roleRows(role: string, groups: readonly RoleGroup[]): readonly string[][] {
  const count = groups.flatMap(({ machines }) => machines).length;
  if (count < 2 && groups.every(({ behind, problems }) => !behind && problems.length === 0)) return [];
  return groups.map(({ version, machines, problems, behind }) => {
    const well = problems.length === 0 ? 'healthy' : `NOT WELL: ${problems.join('; ')}`;
    const who = `${machines.length} of ${count}: ${machines.join(', ')}`;
    return ['role', `${role} at ${version ?? 'an unknown version'}`, `${behind ? 'BEHIND, ' : ''}${well}, ${who}`];
  });
}

const dnsName = ({ name, type, value }: RecordStatus): string => `${name} ${type} ${value}`;

/** Returns whether a record is set, for people */
export function dnsState({ name, value, resolves, elsewhere }: RecordStatus, cloud: string): string {
  if (elsewhere)
    return `WRONG: an AAAA record leads to ${elsewhere.join(', ')}, which is none of its machines: remove it, because certificate authorities check that address first`;
  if (clouds[cloud]?.capabilities.onThisComputer)
    return name.endsWith('.localhost') ? 'this computer, in browsers' : `${cloud}: not in DNS`;
  if (resolves.length === 0) return 'not set yet';
  return resolves.includes(value) ? 'set' : `${resolves.join(', ')} from here: correct if that is a gateway`;
}
