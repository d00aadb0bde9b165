import { adoptedHost, machineRules } from '../model/adopted.ts';
import { vrrpProtocol } from '../model/failover.ts';
import { type Caller, networksOf, type Opening, openings } from '../model/openings.ts';
import { ref, resolve } from '../model/value.ts';
import type { MachineInput } from './machine.ts';
import { peerFacts } from './needs.ts';
import { templateText } from './template.ts';

/** Returns the openings of one machine; those of an adopted machine include its `keepOpen` ports */
export const machineOpenings = ({
  blueprint,
  machine,
  operators,
}: Pick<MachineInput, 'blueprint' | 'machine' | 'operators'>): readonly Opening[] =>
  openings(machineRules(blueprint, machine), operators.networks);

/** Returns the nftables rules of a machine */
export function firewall(input: Pick<MachineInput, 'blueprint' | 'facts' | 'machine' | 'operators' | 'role'>): string {
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

/**
 * Returns an nftables rule
 * @param to `published` matches the original port of connections that docker forwards, whose destination is the
 * container by then
 */
function line(
  opening: Opening,
  input: Pick<MachineInput, 'blueprint' | 'facts'>,
  to: 'machine' | 'published' = 'machine',
): string {
  const sources = sourcesOf(opening.from, input);
  const from = sources === 'any' ? '' : `ip saddr { ${sources.join(', ')} } `;
  // Other programs stay reachable over IPv6 too
  const family = sources === 'any' && opening.kind !== 'keepOpen' ? 'meta nfproto ipv4 ' : '';
  const { protocol, port, why } = opening;
  // nft before 1.0.7 needs the protocol before an original port
  if (protocol === 'vrrp') return `${from}meta l4proto ${vrrpProtocol} accept comment "${why}"`;
  const match =
    to === 'machine' ? `${protocol} dport` : `ct status dnat meta l4proto ${protocol} ct original proto-dst`;
  return `${from}${family}${match} ${port} accept comment "${why.replaceAll('"', "'").slice(0, 120)}"`;
}

/** Returns the networks and addresses of a caller */
export function sourcesOf(from: Caller, input: Pick<MachineInput, 'blueprint' | 'facts'>): readonly string[] | 'any' {
  if (from.kind === 'internet') return 'any';
  if (from.kind !== 'role') return networksOf(from);
  return peerFacts(input.blueprint, from.role).flatMap((fact) => resolve(ref(fact), input.facts, {}).split(','));
}
