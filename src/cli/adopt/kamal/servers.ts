import { recordOf } from '../../new/compose/merge.ts';
import type { Finding } from '../../new/finding.ts';
import { jumpIn, jumpOf } from '../ansible/login.ts';
import type { FoundHost } from '../found.ts';
import { isComputed, type KamalConfig, textsOf } from './config.ts';

type Path = readonly (string | number)[];

export interface Servers {
  /** Machines of the application */
  hosts: readonly FoundHost[];
  /** Machines that only have accessories, such as a database */
  others: readonly FoundHost[];
  findings: readonly Finding[];
}

/** Returns the machines of a configuration, each with the roles and accessories that it has as its groups */
export function serversOf({ data, at }: KamalConfig): Servers {
  const ssh = recordOf(data.ssh);
  const jump = ssh.proxy === undefined ? jumpIn(`ProxyCommand=${ssh.proxy_command ?? ''}`) : jumpOf(`${ssh.proxy}`);
  const command = ssh.proxy_command === undefined ? undefined : jump;
  const findings: Finding[] = [];
  if (command === null)
    findings.push({
      kind: 'left',
      at: at('ssh', 'proxy_command'),
      what: 'a proxy_command that is not ssh -W is not read',
    });
  const found = new Map<string, FoundHost>();
  const add = (name: string, group: string, path: Path): void => {
    if (isComputed(name) || name === '') {
      const what = `a host of ${group} is ${name === '' ? 'empty' : 'computed when Kamal runs'}`;
      findings.push({ kind: 'refused', at: at(...path), what, way: 'give what `kamal config` prints' });
      return;
    }
    const former = found.get(name);
    found.set(name, {
      ...{ name, address: name, at: former?.at ?? at(...path), user: `${ssh.user ?? 'root'}` },
      groups: [...(former?.groups ?? []), group],
      ...(ssh.port !== undefined && { port: Number(ssh.port) }),
      ...(jump && { proxy: { ...jump, ...(jump.user === undefined && { user: 'root' }) } }),
    });
  };
  for (const { role, hosts, path } of rolesOf(data))
    for (const [index, host] of hosts.entries()) add(nameOf(host), role, [...path, index]);
  const own = new Set(found.keys());
  for (const [name, body] of Object.entries(recordOf(data.accessories))) {
    const accessory = recordOf(body);
    const key = accessory.hosts === undefined ? 'host' : 'hosts';
    for (const host of textsOf(accessory[key])) add(host, name, ['accessories', name, key]);
  }
  const all = [...found.values()];
  if (own.size === 0 && findings.length === 0)
    findings.push({ kind: 'refused', at: at('servers'), what: 'names no server' });
  return {
    hosts: all.filter(({ name }) => own.has(name)),
    others: all.filter(({ name }) => !own.has(name)),
    findings,
  };
}

interface KamalRole {
  role: string;
  hosts: readonly unknown[];
  path: Path;
}

/** Roles with their hosts: a plain list is that of the role `web` */
export function rolesOf({ servers }: Readonly<Record<string, unknown>>): readonly KamalRole[] {
  if (Array.isArray(servers)) return [{ role: 'web', hosts: servers, path: ['servers'] }];
  return Object.entries(recordOf(servers)).map(([role, body]) =>
    Array.isArray(body)
      ? { role, hosts: body, path: ['servers', role] }
      : { role, hosts: listOf(recordOf(body).hosts), path: ['servers', role, 'hosts'] },
  );
}

const listOf = (value: unknown): readonly unknown[] =>
  Array.isArray(value) ? value : value === undefined ? [] : [value];

/** A host with tags is a block of one key */
const nameOf = (host: unknown): string =>
  typeof host === 'object' && host !== null ? (Object.keys(host)[0] ?? '') : `${host ?? ''}`;
