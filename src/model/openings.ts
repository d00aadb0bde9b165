import type { Rule } from './blueprint.ts';

/** Who may connect: the world, the operators, named networks (CIDR), or the machines of a role, or a balancer */
export type Caller =
  | { kind: 'internet' }
  | { kind: 'operators'; networks: readonly string[] }
  | { kind: 'networks'; name: string; networks: readonly string[] }
  | { kind: 'role'; role: string };

/** What is open, whoever may connect; what no opening names is closed */
interface Open extends Pick<Rule, 'to' | 'port' | 'protocol' | 'kind'> {
  from: unknown;
  /** All reasons, in the order of the rules */
  why: string;
}

/** Something that is open to one caller */
export interface Opening extends Open {
  from: Caller;
}

/** Something that is open to one network (CIDR), or to the machines of one role or balancer: a rule of a security group */
export interface Door extends Open {
  from: { network: string } | { role: string };
}

/** IPv4, every address */
export const everybody = '0.0.0.0/0';

/** What rules open, each thing once with all its reasons, in the order of the rules */
export const openings = (rules: readonly Rule[], operators: readonly string[]): readonly Opening[] =>
  joined(rules.map((rule) => ({ ...rule, from: callerOf(rule.from, operators) })));

/** The same by single networks and roles, as security groups take them */
export const doors = (rules: readonly Rule[], operators: readonly string[]): readonly Door[] =>
  joined(rules.flatMap((rule) => partsOf(callerOf(rule.from, operators)).map((from): Door => ({ ...rule, from }))));

function callerOf(from: Rule['from'], operators: readonly string[]): Caller {
  if (from === 'internet') return { kind: 'internet' };
  if (from === 'operators') return { kind: 'operators', networks: operators };
  return 'networks' in from ? { kind: 'networks', ...from } : { kind: 'role', ...from };
}

function partsOf(caller: Caller): readonly Door['from'][] {
  if (caller.kind === 'role') return [{ role: caller.role }];
  return networksOf(caller).map((network) => ({ network }));
}

/** The networks that a caller stands for */
export const networksOf = (caller: Exclude<Caller, { kind: 'role' }>): readonly string[] =>
  caller.kind === 'internet' ? [everybody] : caller.networks;

/** Each opening once, with all its reasons */
function joined<O extends Open>(all: readonly O[]): readonly O[] {
  const found = new Map<string, { open: O; reasons: Set<string> }>();
  for (const open of all) {
    const { from, to, port, protocol, kind, why } = open;
    const key = JSON.stringify([from, to, port, protocol, kind]);
    const seen = found.get(key) ?? { open, reasons: new Set() };
    found.set(key, { open: seen.open, reasons: seen.reasons.add(why) });
  }
  return [...found.values()].map(({ open, reasons }) => ({ ...open, why: [...reasons].join('; ') }));
}
