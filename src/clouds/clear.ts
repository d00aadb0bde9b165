import type { Blueprint, Rule } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';

/** A rule between machines of one system */
export type Between = Rule & { from: { role: string } };

/**
 * The rules by which machines of a system speak to each other as their programs do: MySQL, Redis, HTTP to an API,
 * exporters, none of them encrypted. Where they have no private network, everybody on the way reads passwords and data: a
 * cloud refuses that. None where the file says that the network is trusted all the same.
 */
export function inClear({ system, rules }: Blueprint, { systems }: Environment): readonly Between[] {
  if (systems[system]?.trustNetwork) return [];
  return rules.filter((rule): rule is Between => typeof rule.from === 'object' && 'role' in rule.from);
}

/** @param first what puts it right beside trusting the network */
export const clearFix = (system: string, first: string): string =>
  `${first}, or trustNetwork: true for ${system} where nobody else reads that network`;

export const clearText = (rules: readonly Between[]): string =>
  rules.map(({ from, to, port, why }) => `${from.role} to ${to} on port ${port} (${why})`).join('; ');
