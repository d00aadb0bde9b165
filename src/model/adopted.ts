import { sshPort } from './access.ts';
import type { AdoptedHost, Bastion, Blueprint, Role, Rule } from './blueprint.ts';
import type { MachineName } from './names.ts';

/** The machine of that name where somebody else made it; none where the cloud makes machines */
export const adoptedHost = (role: Role, index: number): AdoptedHost | undefined => role.hosts?.[index];

/**
 * The rules of one machine of a role; an adopted one has an SSH port of its own, perhaps a bastion that calls there, and
 * ports that others use on it
 */
export function machineRules(
  { rules, roles }: Pick<Blueprint, 'rules' | 'roles'>,
  machine: MachineSlot,
): readonly Rule[] {
  const role = roles[machine.role];
  const host = role && adoptedHost(role, machine.index);
  const own = rules.filter(({ to }) => to === machine.role);
  return host
    ? [...own.map(onPortOf(host)), ...throughBastion(machine.role, host), ...keptOpen(machine.role, host)]
    : own;
}

type MachineSlot = Pick<MachineName, 'role' | 'index'>;

/** Ports that stay open to everybody, whatever protocol those who use them speak */
export const keptOpen = (role: string, { keepOpen }: AdoptedHost): readonly Rule[] =>
  keepOpen.flatMap((port) =>
    (['tcp', 'udp'] as const).map((protocol) => ({
      from: 'internet' as const,
      to: role,
      port,
      protocol,
      kind: 'keepOpen' as const,
      why: 'other programs of this machine are reached here (keepOpen)',
    })),
  );

/** The network that a machine's bastion calls from */
export const bastionNetwork = ({ address, privateAddress = address }: Bastion): string => `${privateAddress}/32`;

const throughBastion = (role: string, { port, proxy }: AdoptedHost): readonly Rule[] =>
  proxy
    ? [
        {
          from: { networks: [bastionNetwork(proxy)], name: `bastion ${proxy.address}` },
          to: role,
          port,
          protocol: 'tcp',
          why: 'operators administer the machine over SSH by way of the bastion',
        },
      ]
    : [];

const onPortOf =
  ({ port }: AdoptedHost) =>
  (rule: Rule): Rule =>
    rule.from === 'operators' && rule.port === sshPort && rule.protocol === 'tcp' ? { ...rule, port } : rule;
