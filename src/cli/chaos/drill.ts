import type { Blueprint } from '../../model/blueprint.ts';
import type { Clouds } from '../../model/cloud.ts';
import { durationSeconds } from '../duration.ts';
import type { SystemOutputs } from '../outputs.ts';
import { machinesHaving } from '../run/having.ts';
import { findMachine } from '../ssh/findMachine.ts';
import { unknownName } from '../unknownName.ts';
import { type ChosenMachine, chosenMachines } from '../update/order.ts';

/** A person's request */
export interface Asked {
  system: string;
  service?: string | undefined;
  machine?: string | undefined;
  /** Duration in words, for example `30s` */
  for?: string | undefined;
}

/** A drill: a service is stopped for a time, or a machine is restarted */
export type Drill =
  | { kind: 'stop'; service: string; seconds: number; machines: readonly ChosenMachine[] }
  | { kind: 'restart'; machines: readonly ChosenMachine[] };

const longestSeconds = 600;

/**
 * Returns the drill that is asked for, with the machines on which it may happen, the first of their role first.
 * A service is one of the blueprint: what else runs on a machine (sshd, docker, the firewall, the edge) can't be named.
 * @throws for what is not in the stack, or may not be stopped, with what may
 */
export function drillOf(
  asked: Asked,
  systems: Readonly<Record<string, SystemOutputs>>,
  blueprints: readonly Blueprint[],
  clouds: Clouds,
): Drill {
  const { system, service, machine } = asked;
  const all = chosenMachines(systems, blueprints, { system, machine });
  if (service !== undefined) {
    const having = machinesHaving(systems, blueprints, system, ({ services }) =>
      services.some(({ name }) => name === service),
    );
    if (having.length === 0) throw unknownName(system, 'service', service, servicesOf(blueprints, system));
    const machines = having.filter(({ name }) => all.some((one) => one.name === name));
    if (machines.length > 0) return { kind: 'stop', service, seconds: secondsOf(asked.for ?? '30s'), machines };
    throw new Error(`${all[0]?.name} does not run ${service}: it runs on ${having.map(({ name }) => name).join(', ')}`);
  }
  if (machine === undefined)
    throw new Error(
      `name what is stopped: --service ${servicesOf(blueprints, system).join(', ') || 'none'}; or --machine, which is restarted`,
    );
  if (asked.for !== undefined)
    throw new Error('--for is the time that a service is stopped; a machine is restarted, and back when it has booted');
  const { cloud = '' } = systems[system] ?? {};
  if (!clouds[cloud]?.capabilities.makesMachines) {
    const { name } = findMachine(systems, machine);
    throw new Error(`${name} is adopted, and may run what is not berth's: stop one of its services by --service`);
  }
  return { kind: 'restart', machines: all };
}

function servicesOf(blueprints: readonly Blueprint[], system: string): readonly string[] {
  const roles = Object.values(blueprints.find((one) => one.system === system)?.roles ?? {});
  return [...new Set(roles.flatMap(({ services }) => services.map(({ name }) => name)))];
}

/** @throws for what is no duration from 1 s to 10 minutes */
export function secondsOf(text: string): number {
  const seconds = durationSeconds(text) ?? 0;
  if (seconds >= 1 && seconds <= longestSeconds) return seconds;
  throw new Error(`--for ${text}: write a time from 1s to ${longestSeconds / 60}m, for example 30s`);
}

/** @throws for a stack that serves real users, unless it is really meant */
export function refuseProduction(names: readonly string[], really: boolean): void {
  const production = names.find((name) => /^prod(uction)?(?![a-z])/i.test(name));
  if (production === undefined || really) return;
  throw new Error(
    `${production} is production, and its users would notice: nothing was stopped. If that is meant, add --really`,
  );
}
