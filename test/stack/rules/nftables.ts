import { type Door, either, within } from './doors.ts';

/** The doors of one machine, as the input chain of its firewall's text has them; a line that says anything else is an error */
export function nftDoors(to: string, text: string): readonly Door[] {
  const [, chain = ''] = /chain input \{\n([^}]*(?:\{[^}]*\}[^}]*)*?)\n {2}\}/.exec(text) ?? [];
  const [head = '', ...lines] = chain.split('\n').map((line) => line.trim());
  const [, policy] = /^type filter hook input priority \S+; policy (drop|accept);$/.exec(head) ?? [];
  if (!policy) throw new Error(`this is no input chain: ${head}`);
  const doors = lines.filter((line) => line !== '' && !aside.some((known) => known.test(line))).map(doorOf(to));
  return policy === 'drop' ? doors : [...doors, { to, admits: () => true }];
}

/** What is no new connection over TCP or UDP from outside the machine */
const aside = [
  /^#/,
  /^iif lo accept$/,
  /^iifname != "eth0" accept$/,
  /^iifname @containers accept$/,
  /^iifname \{ "docker0", "br-\*" \} iifname != @others accept$/,
  /^ct state (established,related accept|invalid drop)$/,
  /^icmp type echo-request accept$/,
  /^icmpv6 type \{ nd-neighbor-solicit, nd-neighbor-advert, nd-router-advert \} accept$/,
];

const line =
  /^(?:ip saddr (?:\{ (?<set>[^}]+) \}|(?<one>\S+)) )?(?<ipv4>meta nfproto ipv4 )?(?<protocol>tcp|udp) dport (?<port>\d+) accept(?: comment ".*")?$/;

const doorOf =
  (to: string) =>
  (text: string): Door => {
    const { set, one, ipv4, protocol, port } = line.exec(text)?.groups ?? {};
    if (!port) throw new Error(`what does this line of a firewall let in? ${text}`);
    const sources = (set ?? one)?.split(', ') ?? (ipv4 ? ['0.0.0.0/0'] : ['0.0.0.0/0', '::/0']);
    return {
      to,
      admits: either(...sources.map(within)),
      protocol: protocol as 'tcp' | 'udp',
      ports: [Number(port), Number(port)],
    };
  };
