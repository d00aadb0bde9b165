import type { ContainerStep } from '../../model/job.ts';
import type { Container } from '../../model/service.ts';
import type { Value } from '../../model/value.ts';
import type { Streamed } from './backups.ts';

interface Database {
  /** Folder of templates/ with what is its server's own: server.sh and rows.awk */
  kind: 'mysql' | 'postgres';
  system: string;
  database: string;
  /** The application's user, who is shut out while live data are replaced */
  user: string;
  /** Environment of the server's administrator. @default empty */
  env?: Readonly<Record<string, Value>>;
}

/**
 * Dumps of a database, and what loads them: as the server's administrator, by its socket
 * @param server whose image, user and socket's folder they have
 */
export function databaseDumps(
  { kind, system, database, user, env: own = {} }: Database,
  server: Pick<Container, 'name' | 'image' | 'user' | 'mounts'>,
): Streamed {
  const files = Object.fromEntries(
    ['databases/dump.sh', 'databases/load.sh', 'databases/marks.awk', `${kind}/server.sh`, `${kind}/rows.awk`].map(
      (template) => [template.replace(/.*\//, ''), { template, values: {} }],
    ),
  );
  const step = (script: string, env: Readonly<Record<string, Value>>): ContainerStep => ({
    image: server.image,
    entrypoint: 'bash',
    command: [`/etc/berth/${script}`],
    env: { SYSTEM: system, NAME: server.name, DATABASE: database, DATABASE_USER: user, ...own, ...env },
    calls: [],
    config: { path: '/etc/berth', files },
    mounts: server.mounts,
    memoryMb: 256,
    cpus: 0.5,
    user: server.user,
    stopSeconds: 20,
  });
  return { name: server.name, write: (env) => step('dump.sh', env), read: (env) => step('load.sh', env) };
}
