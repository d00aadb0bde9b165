import { BlockList } from 'node:net';
import { adoptedHost } from '../../model/adopted.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';

/** Returns the first IPv4 network (CIDR) that contains an address */
export function networkOf(address: string, networks: readonly string[]): string | undefined {
  return networks.find((network) => {
    const [base = '', bits = '32'] = network.split('/');
    const block = new BlockList();
    block.addSubnet(base, Number(bits));
    return block.check(address);
  });
}

/** Returns the bastions of a stack; undefined where a machine is reached without one */
export function onlyBastions(blueprints: readonly Blueprint[]): readonly string[] | undefined {
  const machines = blueprints.flatMap((blueprint) => machinesOf(blueprint));
  const bastions = machines.flatMap(({ machine, role }) => adoptedHost(role, machine.index)?.proxy ?? []);
  if (bastions.length < machines.length) return undefined;
  return [...new Set(bastions.map(({ address, port }) => `${address}:${port}`))];
}

/** Returns the error for a computer outside the operators' networks, with the setting that would allow it */
export const notListed = (stack: string, address: string, networks: readonly string[]): string =>
  `this computer's address ${address} is in none of the operators' networks of stack ${stack} (${networks.join(', ')}): ` +
  `its machines would not answer SSH from here.

If it shall deploy, and keeps its address, add it in Pulumi.${stack}.yaml:

  config:
    berth:operators:
      networks: [${[...networks, `${address}/32`].join(', ')}]

and deploy once from where SSH is open already, so that the machines learn of it. A computer whose address changes
reaches them by way of one that keeps its own: a VPN, a runner with a fixed address.`;
