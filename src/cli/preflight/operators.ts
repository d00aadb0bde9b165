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
  `this computer's address ${address} is not in the operators' networks of stack ${stack} (${networks.join(', ')}): ` +
  `its machines do not accept SSH from here.

If this computer is to deploy and its address is fixed, add it in Pulumi.${stack}.yaml:

  config:
    berth:operators:
      networks: [${[...networks, `${address}/32`].join(', ')}]

and deploy once from a network that is already listed, so that the machines accept it. A computer with a changing address
has to deploy through one with a fixed address: a VPN, or a runner.`;
