import { adoptedHost, machineRules } from '../model/adopted.ts';
import { type Caller, networksOf, type Opening, openings } from '../model/openings.ts';
import { ref, resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { peerFacts } from './needs.ts';
import { templateText } from './template.ts';

/** What is open on one machine; an adopted one keeps what others need open */
export const machineOpenings = ({ blueprint, machine, operators }: MachineInput): readonly Opening[] =>
  openings(machineRules(blueprint, machine), operators.networks);

/** The host's own firewall from the rules that name its role */
export function firewall(input: MachineInput): string {
  const open = machineOpenings(input);
  const template = adoptedHost(input.role, input.machine.index) ? 'adopted' : 'host';
  const exposed = input.role.services.map((service) => service.kind === 'container' && service.exposed);
  return templateText(`firewall/${template}.nft.conf`, {
    input: open.map((opening) => `    ${line(opening, input)}`).join('\n'),
    forward: open
      .filter(({ port, kind }) => exposed.includes(port) || kind === 'keepOpen')
      .map((opening) => `\n    ${line(opening, input, 'published')}`)
      .join(''),
  });
}

/** @param to what the port is of: the machine, or of what docker publishes: such a packet bears the container's own by then */
function line(opening: Opening, input: MachineInput, to: 'machine' | 'published' = 'machine'): string {
  const sources = sourcesOf(opening.from, input);
  const from = sources === 'any' ? '' : `ip saddr { ${sources.join(', ')} } `;
  // Other programs are reached as before, over IPv6 too
  const family = sources === 'any' && opening.kind !== 'keepOpen' ? 'meta nfproto ipv4 ' : '';
  const { protocol, port, why } = opening;
  // nft before 1.0.7 needs the protocol said before an original port
  const match =
    to === 'machine' ? `${protocol} dport` : `ct status dnat meta l4proto ${protocol} ct original proto-dst`;
  return `${from}${family}${match} ${port} accept comment "${why.replaceAll('"', "'").slice(0, 120)}"`;
}

/** The networks and addresses that a caller stands for, on this machine */
export function sourcesOf(from: Caller, input: MachineInput): readonly string[] | 'any' {
  if (from.kind === 'internet') return 'any';
  if (from.kind !== 'role') return networksOf(from);
  return peerFacts(input.blueprint, from.role).flatMap((fact) => resolve(ref(fact), input.facts, {}).split(','));
}
