import type { Rule, Source } from '../model/blueprint.ts';
import { ref, resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { peerFacts } from './needs.ts';
import { templateText } from './template.ts';

/** The host's own firewall from the rules that name its role */
export function firewall(input: MachineInput): string {
  const rules = input.blueprint.rules.filter((rule) => rule.to === input.machine.role);
  return templateText('firewall/host.nft.conf', { input: rules.map((rule) => `    ${line(rule, input)}`).join('\n') });
}

function line(rule: Rule, input: MachineInput): string {
  const sources = networksOf(rule.from, input);
  const match = sources === 'any' ? '' : `ip saddr { ${sources.join(', ')} } `;
  const protocol = sources === 'any' ? `meta nfproto ipv4 ${rule.protocol}` : rule.protocol;
  return `${match}${protocol} dport ${rule.port} accept comment "${rule.why.replaceAll('"', "'").slice(0, 120)}"`;
}

/** The networks that a rule's source stands for */
export function networksOf(from: Source, input: MachineInput): readonly string[] | 'any' {
  if (from === 'internet') return 'any';
  if (from === 'operators') return input.operators.networks;
  if ('networks' in from) return from.networks;
  return peerFacts(input.blueprint, from.role).flatMap((fact) => resolve(ref(fact), input.facts, {}).split(','));
}
