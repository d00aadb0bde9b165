import { adoptedHost, keepOpenWhy, machineRules } from '../model/adopted.ts';
import type { Rule, Source } from '../model/blueprint.ts';
import { ref, resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { peerFacts } from './needs.ts';
import { templateText } from './template.ts';

/** The host's own firewall from the rules that name its role; one that others use too keeps what they need open */
export function firewall(input: MachineInput): string {
  const rules = machineRules(input.blueprint, input.machine);
  const template = adoptedHost(input.role, input.machine.index) ? 'adopted' : 'host';
  const exposed = input.role.services.map((service) => service.kind === 'container' && service.exposed);
  return templateText(`firewall/${template}.nft.conf`, {
    input: rules.map((rule) => `    ${line(rule, input)}`).join('\n'),
    forward: rules
      .filter(({ port, why }) => exposed.includes(port) || why === keepOpenWhy)
      .map((rule) => `\n    ${line(rule, input, 'published')}`)
      .join(''),
  });
}

/** @param to what the port is of: the machine, or of what docker publishes: such a packet bears the container's own by then */
function line(rule: Rule, input: MachineInput, to: 'machine' | 'published' = 'machine'): string {
  const sources = networksOf(rule.from, input);
  const from = sources === 'any' ? '' : `ip saddr { ${sources.join(', ')} } `;
  // Other programs are reached as before, over IPv6 too
  const family = sources === 'any' && rule.why !== keepOpenWhy ? 'meta nfproto ipv4 ' : '';
  // nft before 1.0.7 needs the protocol said before an original port
  const port =
    to === 'machine' ? `${rule.protocol} dport` : `ct status dnat meta l4proto ${rule.protocol} ct original proto-dst`;
  return `${from}${family}${port} ${rule.port} accept comment "${rule.why.replaceAll('"', "'").slice(0, 120)}"`;
}

/** The networks that a rule's source stands for */
export function networksOf(from: Source, input: MachineInput): readonly string[] | 'any' {
  if (from === 'internet') return 'any';
  if (from === 'operators') return input.operators.networks;
  if ('networks' in from) return from.networks;
  return peerFacts(input.blueprint, from.role).flatMap((fact) => resolve(ref(fact), input.facts, {}).split(','));
}
