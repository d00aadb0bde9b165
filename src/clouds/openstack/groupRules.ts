import type { Blueprint, Rule } from '../../model/blueprint.ts';

/** One rule of a role's security group: everything that no rule names is closed */
export interface GroupRule {
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
export function groupRules({ rules }: Blueprint, operators: readonly string[]): readonly GroupRule[] {
  const byName = new Map<string, GroupRule>();
  for (const { from, to: role, protocol, port, why } of rules) {
    for (const source of sources(from, operators)) {
      const rule = { role, protocol, port, from: source, why };
      const twin = byName.get(ruleName(rule));
      const reasons = twin && twin.why !== why ? `${twin.why}; ${why}` : why;
      byName.set(ruleName(rule), { ...rule, why: reasons.slice(0, whyLength) });
    }
  }
  return [...byName.values()];
}

/** What it opens to whom, for example `web-tcp-443-from-0.0.0.0-0`: two that open the same have one name */
export const ruleName = ({ role, protocol, port, from }: Omit<GroupRule, 'why'>): string =>
  `${role}-${protocol}-${port}-from-${typeof from === 'string' ? from.replace('/', '-') : from.role}`;

function sources(from: Rule['from'], operators: readonly string[]): readonly GroupRule['from'][] {
  if (from === 'internet') return ['0.0.0.0/0'];
  if (from === 'operators') return operators;
  return 'networks' in from ? from.networks : [from];
}
