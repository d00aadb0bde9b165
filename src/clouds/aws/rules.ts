import type { Blueprint, Rule } from '../../model/blueprint.ts';
import type { Operators } from '../../model/environment.ts';
import { type Door, doors, everybody } from '../../model/openings.ts';
import { description } from './plan.ts';

/** Ingress rule of a security group */
export interface Ingress {
  /** Built from target, protocol, port and source, so that a changed reason does not rename the rule */
  name: string;
  /** Role, cache or balancer that the group protects */
  to: string;
  from: Door['from'];
  port: number;
  protocol: Rule['protocol'];
  why: string;
}

/**
 * Returns the ingress rules of a system. Rules with the same target, port and source become one, with all of their
 * reasons.
 */
export const ingressOf = (rules: Blueprint['rules'], operators: Operators): readonly Ingress[] =>
  doors(rules, operators.networks).map(({ from, to, port, protocol, why }) => ({
    ...{ from, to, port, protocol },
    name: `${to}-${protocol}-${port}-from-${wordFor(from)}`,
    why: description(why),
  }));

function wordFor(from: Door['from']): string {
  if ('role' in from) return from.role;
  return from.network === everybody ? 'internet' : from.network.replace('/', '-');
}
