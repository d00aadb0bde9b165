import type { Blueprint } from '../../model/blueprint.ts';
import { type Door, doors } from '../../model/openings.ts';

/** Rule of a role's security group, which denies everything else */
export interface GroupRule extends Door {
  /**
   * Built from target, protocol, port and source, such as `web-tcp-443-from-0.0.0.0-0`; equal rules have equal names
   */
  name: string;
}

/** Maximum length of a description in OpenStack */
const whyLength = 255;

/** Neutron's database has no room for characters of four bytes, such as emoji: its answer is 500 */
const fourBytes = /[\u{10000}-\u{10FFFF}]/gu;

/**
 * Returns the rules of a blueprint for security groups. Rules with the same target, port and source become one, since
 * OpenStack rejects duplicates.
 */
export const groupRules = ({ rules }: Pick<Blueprint, 'rules'>, operators: readonly string[]): readonly GroupRule[] =>
  doors(rules, operators).map((door) => {
    const { from, to, protocol, port, why } = door;
    const word = 'network' in from ? from.network.replace('/', '-') : from.role;
    return {
      ...door,
      name: `${to}-${protocol}-${port}-from-${word}`,
      why: why.replace(fourBytes, '?').slice(0, whyLength),
    };
  });
