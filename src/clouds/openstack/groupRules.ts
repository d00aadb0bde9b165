import type { Blueprint, Rule } from '../../model/blueprint.ts';
import { joined } from '../doors.ts';

/** One rule of a role's security group: everything that no rule names is closed */
export interface GroupRule {
  /** What it opens to whom, for example `web-tcp-443-from-0.0.0.0-0`: two that open the same have one name */
  name: string;
  /** Whose machines it opens */
  role: string;
  protocol: Rule['protocol'];
  port: number;
  /** A network (CIDR), or the machines of a role */
  from: string | { role: string };
  /** At most 255 characters */
  why: string;
}

/** OpenStack's limit of a description */
const whyLength = 255;

/** The rules of a blueprint as security groups take them. What two rules open is one, since OpenStack refuses the second */
export function groupRules({ rules }: Pick<Blueprint, 'rules'>, operators: readonly string[]): readonly GroupRule[] {
  const doors = rules.flatMap(({ from, to: role, protocol, port, why }) =>
    sources(from, operators).map((source) => {
      const word = typeof source === 'string' ? source.replace('/', '-') : source.role;
      return { name: `${role}-${protocol}-${port}-from-${word}`, role, protocol, port, from: source, why };
    }),
  );
  return joined(doors).map((door) => ({ ...door, why: door.why.slice(0, whyLength) }));
}

function sources(from: Rule['from'], operators: readonly string[]): readonly GroupRule['from'][] {
  if (from === 'internet') return ['0.0.0.0/0'];
  if (from === 'operators') return operators;
  return 'networks' in from ? from.networks : [from];
}
