import { isIPv4 } from 'node:net';
import type { Finding } from '../new/finding.ts';
import type { FoundHost, Jump } from './found.ts';

/** What the network and this computer know of machines, and what a person said */
export interface Known {
  /** IPv4 addresses by name */
  addresses: Readonly<Record<string, string>>;
  /** Host keys by address or name, with the port in brackets where it is not 22: `[web.acme.test]:2222` */
  hostKeys: Readonly<Record<string, string>>;
  /** User of machines that name none */
  user?: string | undefined;
  /** Options of the systems */
  options: Readonly<Record<string, string>>;
}

/** A machine as an environment file has it */
export interface AdoptedMachine {
  address: string;
  privateAddress?: string;
  port?: number;
  user: string;
  hostKey: string;
  proxy?: { address: string; port?: number; user: string; hostKey: string };
}

/** Stands where a host key is not known: it has to be replaced before anything is deployed */
export const noHostKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f';

/** Returns an adopted machine, and what is not known of it */
export function adoptedMachine(
  host: FoundHost,
  known: Known,
): { machine: AdoptedMachine; findings: readonly Finding[] } {
  const { name, at, privateAddress, proxy } = host;
  const machine = login(host, name, known);
  const sameUser = { ...known, user: machine.user };
  const bastion = proxy && login(proxy, `the bastion of ${name}`, sameUser);
  const isPrivate = privateAddress !== undefined && isIPv4(privateAddress);
  const { address, ...rest } = told(machine);
  return {
    machine: {
      address,
      ...(isPrivate && privateAddress !== address && { privateAddress }),
      ...rest,
      ...(bastion && { proxy: told(bastion) }),
    },
    findings: [
      ...machine.flaws,
      ...(bastion?.flaws ?? []),
      ...(privateAddress === undefined || isPrivate
        ? []
        : [
            { kind: 'left' as const, what: `${name} has a private address that is no IPv4 address: ${privateAddress}` },
          ]),
    ].map((finding) => ({ ...finding, at })),
  };
}

type Login = Partial<AdoptedMachine> & { port: number; flaws: readonly Finding[] };

/** Returns how a machine or bastion is logged in to, and what is not known of that */
function login(place: Jump, what: string, known: Known): Login {
  const address = isIPv4(place.address) ? place.address : known.addresses[place.address];
  const { port = 22, user = known.user } = place;
  const hostKey = hostKeyOf([place.address, address ?? ''], port, known);
  const flaws: readonly (Finding | false)[] = [
    address === undefined && {
      ...{ kind: 'refused', what: `${what} has no IPv4 address: DNS has none for ${place.address}` },
      way: `write the address there, or give --address ${place.address}=<IPv4 address>`,
    },
    user === undefined && {
      ...{ kind: 'refused', what: `${what} has no user to log in` },
      way: 'name it there, or give --user',
    },
    !(port > 0 && port < 65_536 && Number.isInteger(port)) && {
      ...{ kind: 'refused', what: `${what} has no port from 1 to 65535` },
    },
    hostKey === undefined && {
      ...{ kind: 'left', what: `the host key of ${what} is not known on this computer` },
      way: 'write hostKey: the output of `cat /etc/ssh/ssh_host_ed25519_key.pub` on its console',
    },
  ];
  return {
    ...(address !== undefined && { address }),
    ...(user !== undefined && { user }),
    ...(hostKey !== undefined && { hostKey }),
    ...{ port, flaws: flaws.filter((flaw) => flaw !== false) },
  };
}

const told = ({
  address = '',
  port,
  user = '',
  hostKey = noHostKey,
}: Login): Omit<AdoptedMachine, 'privateAddress'> => ({
  address,
  ...(port !== 22 && { port }),
  ...{ user, hostKey },
});

/** Returns a name or an address as known_hosts has it: with the port where that is not 22 */
export const knownName = (name: string, port: number): string => (port === 22 ? name : `[${name}]:${port}`);

function hostKeyOf(names: readonly string[], port: number, { hostKeys }: Known): string | undefined {
  return names.map((name) => hostKeys[knownName(name, port)]).find((key) => key !== undefined);
}

/** Names of all machines and bastions that have to be looked up, each with the port of its SSH */
export const placesOf = (hosts: readonly FoundHost[]): readonly Jump[] =>
  hosts.flatMap(({ address, port, proxy }) => [
    { address, ...(port !== undefined && { port }) },
    ...(proxy ? [proxy] : []),
  ]);
