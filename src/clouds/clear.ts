import type { Blueprint, Rule } from '../model/blueprint.ts';
import type { Environment } from '../model/environment.ts';

/** Rule between two roles of one system */
export type Between = Rule & { from: { role: string } };

/**
 * Returns the rules between roles of a system whose traffic (Redis, HTTP APIs, exporters) is not encrypted. A cloud without a private network rejects them, since anyone on the path could read passwords and data. Empty where the
 * environment file sets `trustNetwork`.
 */
export function linksInClear({ system, rules }: Blueprint, { systems }: Environment): readonly Between[] {
  if (systems[system]?.trustNetwork) return [];
  return rules.filter(
    (rule): rule is Between => !rule.encrypted && typeof rule.from === 'object' && 'role' in rule.from,
  );
}

/**
 * Returns the suggested fix for unencrypted traffic
 * @param first alternative to trusting the network
 */
export const clearFix = (system: string, first: string): string =>
  `${first}, or trustNetwork: true for ${system} if nobody else can read that network`;

export const clearText = (rules: readonly Between[]): string =>
  rules.map(({ from, to, port, why }) => `${from.role} to ${to} on port ${port} (${why})`).join('; ');
