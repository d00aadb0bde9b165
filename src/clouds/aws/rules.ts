import type { Blueprint, Rule } from '../../model/blueprint.ts';
import type { Operators } from '../../model/environment.ts';
import { joined } from '../doors.ts';
import { description } from './plan.ts';

/** Something that a security group lets in */
export interface Ingress {
  /** Says who reaches what, and nothing that changes with the reason */
  name: string;
  /** The role, cache or balancer whose group it is */
  to: string;
  from: { network: string } | { group: string };
  port: number;
  protocol: Rule['protocol'];
  why: string;
}

/** What a system's rules let in, each once: a door that several rules open has all their reasons */
export function ingressOf(rules: Blueprint['rules'], operators: Operators): readonly Ingress[] {
  const doors = rules.flatMap(({ from, to, port, protocol, why }) =>
    sourcesOf(from, operators).map((source) => {
      const name = `${to}-${protocol}-${port}-from-${wordFor(source)}`;
      return { name, to, from: source, port, protocol, why };
    }),
  );
  return joined(doors).map((door) => ({ ...door, why: description(door.why) }));
}

const everybody = '0.0.0.0/0';

function sourcesOf(from: Rule['from'], operators: Operators): readonly Ingress['from'][] {
  if (from === 'internet') return [{ network: everybody }];
  if (from === 'operators') return operators.networks.map((network) => ({ network }));
  if ('networks' in from) return from.networks.map((network) => ({ network }));
  return [{ group: from.role }];
}

function wordFor(from: Ingress['from']): string {
  if ('group' in from) return from.group;
  return from.network === everybody ? 'internet' : from.network.replace('/', '-');
}
