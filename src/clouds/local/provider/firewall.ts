import { z } from 'zod';
import { networkOrAddress, port } from './inputs.ts';

/** Sources that may open a connection to a machine, like a rule of a cloud's security group */
export const rule = z
  .strictObject({
    protocol: z.enum(['tcp', 'udp', 'icmp', 'vrrp']),
    port: port.optional(),
    sources: z.array(networkOrAddress),
  })
  .refine((value) => (value.protocol === 'icmp') === (value.port === undefined), {
    message: 'tcp and udp name a port, vrrp its number, icmp none',
  });

export type FirewallRule = z.infer<typeof rule>;

/**
 * Returns the machine's cloud firewall as one nftables table, which replaces its earlier version and changes no other
 * table. It filters the machine's only interface to the outside; traffic between the machine's containers is not
 * affected.
 */
export function cloudFirewall(rules: readonly FirewallRule[]): string {
  const input = rules.flatMap((each) => sources(each).map((source) => `    ip saddr ${source} ${match(each)} accept`));
  // Connections to docker's published ports are forwarded and never pass the input chain; they are matched by the port
  // that the client called
  const forward = rules
    .filter(({ protocol }) => protocol !== 'icmp' && protocol !== 'vrrp')
    .flatMap((each) => sources(each).map((source) => `    ip saddr ${source} ${forwardMatch(each)} accept`));
  return `table inet cloud
delete table inet cloud
table inet cloud {
  chain input {
    type filter hook input priority -10; policy drop;
    iifname != "eth0" accept
    ct state established,related accept
    ct state invalid drop
    icmpv6 type { nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert } accept
${input.join('\n')}
  }
  chain forward {
    type filter hook forward priority -5; policy drop;
    iifname != "eth0" accept
    ct state established,related accept
    ct state invalid drop
${forward.join('\n')}
  }
}
`;
}

/** Returns one source per rule: nftables rejects a set whose networks overlap */
function sources(each: FirewallRule): string[] {
  return [...new Set(each.sources)].filter((source) => !source.includes(':')).sort();
}

function match({ protocol, port: number }: FirewallRule): string {
  if (protocol === 'vrrp') return `meta l4proto ${number}`;
  return protocol === 'icmp' ? 'icmp type echo-request' : `${protocol} dport ${number}`;
}

/** nft before 1.0.7 requires the protocol before `ct original proto-dst` */
function forwardMatch({ protocol, port: number }: FirewallRule): string {
  return `ct status dnat meta l4proto ${protocol} ct original proto-dst ${number}`;
}
