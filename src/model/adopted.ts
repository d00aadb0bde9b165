import { sshPort } from './access.ts';
import type { AdoptedHost, Bastion } from './adoptedHost.ts';
import type { Blueprint, Role, Rule } from './blueprint.ts';
import type { MachineName } from './names.ts';

/** Returns the existing host that a machine of a role adopts; undefined where the cloud makes the machine */
export const adoptedHost = (role: Role, index: number): AdoptedHost | undefined => role.hosts?.[index];

/**
 * Returns the rules of one machine of a role. For an adopted machine, SSH rules name its own SSH port, its bastion may
 * connect, and the ports of `keepOpen` stay open.
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

/** Rules that keep the ports of `keepOpen` open to every source, over TCP and UDP */
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

/** The network (CIDR) from which a bastion connects */
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
