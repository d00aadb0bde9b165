import type { Blueprint, Rule } from '../../model/blueprint.ts';
import type { Operators } from '../../model/environment.ts';
import { type Door, doors, everybody } from '../../model/openings.ts';
import { description } from './plan.ts';

/** Something that a security group lets in */
export interface Ingress {
  /** Says who reaches what, and nothing that changes with the reason */
  name: string;
  /** The role, cache or balancer whose group it is */
  to: string;
  from: Door['from'];
  port: number;
  protocol: Rule['protocol'];
  why: string;
}

/** What a system's rules let in, each once: a door that several rules open has all their reasons */
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
