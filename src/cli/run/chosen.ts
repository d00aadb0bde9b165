import type { Blueprint } from '../../model/blueprint.ts';
import type { SystemOutputs } from '../outputs.ts';
import { type ChosenMachine, chosenMachines } from '../update/order.ts';
import { machinesHaving } from './having.ts';

interface Wanted {
  system: string;
  /** A job, or with a command the service beside which it runs */
  what: string;
  command: readonly string[];
  /** The one machine that may do it */
  machine: string | undefined;
}

/**
 * The machines that may run a job, or a command beside a service, the first of their role first.
 * @param blueprints what the stack's file declares
 * @throws where there is no such system, machine, job or service, listing those there are
 */
export function chosenToRun(
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
  { system, what, command, machine }: Wanted,
): readonly ChosenMachine[] {
  const machines = machinesHaving(systems, blueprints, system, ({ jobs = [], services }) =>
    (command.length > 0 ? services : jobs).some(({ name }) => name === what),
  );
  const roles = Object.entries(blueprints.find((one) => one.system === system)?.roles ?? {});
  const job = roles.flatMap(([, { jobs = [] }]) => jobs).find(({ name }) => name === what);
  if (machines.length === 0) throw nobodyHas(roles, what, command);
  const able = command.length === 0 && job?.onceAcrossMachines ? machines.slice(0, 1) : machines;
  if (machine === undefined) return able;
  const [only] = chosenMachines(systems, blueprints, { system, machine });
  if (able.some(({ name }) => name === only?.name)) return only ? [only] : [];
  throw new Error(`${only?.name} does not run ${what}: it runs on ${able.map(({ name }) => name).join(', ')}`);
}

/**
 * The first role that has a job, or with a command a service
 * @throws where there is none, listing those there are
 */
export function roleToRun(
  blueprints: readonly Blueprint[],
  { system, what, command }: Pick<Wanted, 'system' | 'what' | 'command'>,
): string {
  const roles = Object.entries(blueprints.find((one) => one.system === system)?.roles ?? {});
  const [found] = roles.filter(([, { jobs = [], services }]) =>
    (command.length > 0 ? services : jobs).some(({ name }) => name === what),
  );
  if (!found) throw nobodyHas(roles, what, command);
  return found[0];
}

const nobodyHas = (roles: Roles, what: string, command: readonly string[]): Error =>
  new Error(`${wrong(roles, what, command)}: ${there(roles)}`);

type Roles = readonly [string, Blueprint['roles'][string]][];

function wrong(roles: Roles, what: string, command: readonly string[]): string {
  const isService = roles.some(([, { services }]) => services.some(({ name }) => name === what));
  const isJob = roles.some(([, { jobs = [] }]) => jobs.some(({ name }) => name === what));
  if (command.length === 0)
    return isService ? `${what} is a service: add the command to run (-- <command>)` : `there is no job ${what}`;
  if (isJob) return `${what} is a job, which takes no command`;
  return `there is no service ${what}`;
}

function there(roles: Roles): string {
  const listed = (names: readonly string[]): string => [...new Set(names)].join(', ') || 'none';
  const jobs = roles.flatMap(([, role]) => (role.jobs ?? []).map(({ name }) => name));
  const services = roles.flatMap(([, role]) => role.services.map(({ name }) => name));
  return `jobs are ${listed(jobs)}, services ${listed(services)}`;
}
