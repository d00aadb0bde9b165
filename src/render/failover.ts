import { edgeProbe } from '../model/edge.ts';
import { peersOf } from '../model/failover.ts';
import { machineFact, machineName } from '../model/names.ts';
import { ref, resolve } from '../model/value.ts';
import type { HostFile } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { templateText } from './template.ts';

/** First number by which VRRP knows the roles of a network; a role's slot is added */
const firstRouter = 50;

/** Returns the file by which a machine and its peers agree on which of them holds their address, where they have one */
export function failoverFiles(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'machine' | 'role'>,
): readonly HostFile[] {
  const { blueprint, machine, role, facts } = input;
  if (!holdsAddress(role) || !role.edge) return [];
  const { path } = edgeProbe(role.edge, role.services);
  const content = templateText('failover/keepalived.conf', {
    ...{ role: machine.role, machine: machineName(machine), instance: `${machine.system}-${machine.role}`, path },
    domain: role.edge.routes[0]?.domain ?? 'localhost',
    router: `${firstRouter + role.slot}`,
    own: resolve(ref(machineFact(machine.role, machine.index, 'privateAddress')), facts, {}),
    peers: peerAddresses({ blueprint, machine, facts })
      .map((address) => `    ${address}`)
      .join('\n'),
    address: resolve(ref(`failovers.${machine.role}.privateAddress`), facts, {}),
  });
  return [{ path: '/etc/berth/address.conf', mode: '0644', content, check: 'address', activate: 'address' }];
}

/** Whether the machines of a role hold a common address, one of them at a time */
export const holdsAddress = ({ failover }: Pick<MachineInput['role'], 'failover'>): boolean => failover === 'address';

/** Returns the private addresses of the other machines of the role; empty where each machine has its own public name */
export const peerAddresses = ({
  blueprint,
  machine,
  facts,
}: Pick<MachineInput, 'blueprint' | 'facts' | 'machine'>): readonly string[] =>
  blueprint.roles[machine.role]?.failover
    ? peersOf(blueprint, machine).map(({ role, index }) =>
        resolve(ref(machineFact(role, index, 'privateAddress')), facts, {}),
      )
    : [];
