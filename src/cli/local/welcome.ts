import type { SystemOutputs } from '../outputs.ts';
import { type Login, loginLines } from './logins.ts';

/**
 * Returns a text for the first look at a deployed local stack: where each system answers, how to inspect it, how to
 * take it down
 * @param deployed outputs of the systems by name
 * @param logins pages that ask for a name and a password
 */
export function welcome(
  deployed: Readonly<Record<string, Pick<SystemOutputs, 'version' | 'url' | 'machines'>>>,
  logins: readonly Login[] = [],
): string {
  const systems = Object.entries(deployed);
  const rows = systems.map(([name, { version, url }]) => [`${name} ${version}`, url] as const);
  const machine = systems.flatMap(([, { machines }]) => Object.keys(machines))[0] ?? '<machine>';
  const ssh = `npx berth ssh local ${machine}`;
  const width = Math.max(0, ...rows.map(([title]) => title.length));
  const commands = [
    ['npx berth status local', 'machines, addresses and live health'],
    [ssh, 'a shell on the machine: sudo docker logs, sudo journalctl -t berth'],
    ...(logins.length > 0 ? ([['npx berth local --logins', 'these names and passwords']] as const) : []),
    ['npx berth local --down', 'remove everything again'],
  ] as const;
  return [
    '',
    '  Your browser warns about the certificate once: it comes from a certificate authority on this computer.',
    '',
    ...rows.map(([title, url]) => `  ${title.padEnd(width)}   ${url}`),
    '',
    ...(logins.length > 0 ? [...loginLines(logins), ''] : []),
    ...commands.map(([command, meaning]) => `  ${command.padEnd(ssh.length)}   ${meaning}`),
  ].join('\n');
}
