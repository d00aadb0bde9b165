import type { Blueprint } from '../../model/blueprint.ts';
import { type Door, doors } from '../../model/openings.ts';

/** One rule of a role's security group: everything that no rule names is closed */
export interface GroupRule extends Door {
  /** What it opens to whom, for example `web-tcp-443-from-0.0.0.0-0`: two that open the same have one name */
  name: string;
}

/** OpenStack's limit of a description */
const whyLength = 255;

/** The rules of a blueprint as security groups take them. What two rules open is one, since OpenStack refuses the second */
export const groupRules = ({ rules }: Pick<Blueprint, 'rules'>, operators: readonly string[]): readonly GroupRule[] =>
  doors(rules, operators).map((door) => {
    const { from, to, protocol, port, why } = door;
    const word = 'network' in from ? from.network.replace('/', '-') : from.role;
    return { ...door, name: `${to}-${protocol}-${port}-from-${word}`, why: why.slice(0, whyLength) };
  });
