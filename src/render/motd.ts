import { machineName } from '../model/names.ts';
import { isContainer } from '../model/service.ts';
import type { MachineInput } from './machine.ts';
import { stateFolder } from './paths.ts';

/** Returns the message of the day: commands that show the machine's services, releases, logs and firewall */
export function messageOfTheDay({
  blueprint: { system },
  machine,
  role,
}: Pick<MachineInput, 'blueprint' | 'machine' | 'role'>): string {
  const rows = [
    ['berth', 'sudo berth status, history, plan, rollback, logs'] as const,
    ...(role.services.some(isContainer)
      ? [['services', 'sudo docker ps; sudo docker logs --tail 100 <container>'] as const]
      : []),
    ...(role.services.every(isContainer) ? [] : [['processes', 'sudo supervisorctl status'] as const]),
    ['releases', `sudo journalctl -t berth; the live one: sudo ls ${stateFolder(system)}/current/`] as const,
    ['logs', `sudo ls /var/log/berth/${system}`] as const,
    ['firewall', 'sudo nft list table inet berth'] as const,
  ];
  const head = `${machineName(machine)} is managed by berth: the next release overwrites manual changes.`;
  return `${[head, ...rows.map(([what, command]) => `  ${what.padEnd(10)} ${command}`)].join('\n')}\n`;
}
