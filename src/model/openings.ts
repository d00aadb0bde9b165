import type { Rule } from './blueprint.ts';

/**
 * Source of connections: the internet, the operators, named networks (CIDR), or the machines of a role or a balancer
 */
export type Caller =
  | { kind: 'internet' }
  | { kind: 'operators'; networks: readonly string[] }
  | { kind: 'networks'; name: string; networks: readonly string[] }
  | { kind: 'role'; role: string };

/** An open port, without its source; ports without an opening are closed */
interface Open extends Pick<Rule, 'to' | 'port' | 'protocol' | 'kind'> {
  from: unknown;
  /** All reasons, in the order of the rules, separated by semicolons */
  why: string;
}

/** A port that is open to one caller */
export interface Opening extends Open {
  from: Caller;
}

/**
 * A port that is open to one network (CIDR), or to the machines of one role or balancer: one rule of a security group
 */
export interface Door extends Open {
  from: { network: string } | { role: string };
}

/** Every IPv4 address */
export const everybody = '0.0.0.0/0';

/** Returns the openings of rules without duplicates, each with all its reasons, in the order of the rules */
export const openings = (rules: readonly Rule[], operators: readonly string[]): readonly Opening[] =>
  joined(rules.map((rule) => ({ ...rule, from: callerOf(rule.from, operators) })));

/** Returns the roles, or balancers, that call others by a rule, each pair once in the order of the rules */
export const callsBetween = (rules: readonly Rule[]): readonly { from: string; to: string }[] =>
  openings(rules, []).flatMap(({ from, to }) => (from.kind === 'role' ? [{ from: from.role, to }] : []));

/** Returns the same as `openings`, split into single networks and roles, as security groups need them */
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

/** Returns the networks of a caller */
export const networksOf = (caller: Exclude<Caller, { kind: 'role' }>): readonly string[] =>
  caller.kind === 'internet' ? [everybody] : caller.networks;

/** Merges equal openings and joins their reasons */
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
