import type { ContainerStep } from '../../model/job.ts';
import type { Container } from '../../model/service.ts';
import { secret, type Value } from '../../model/value.ts';
import type { MysqlInput } from '../mysql.ts';
import type { Streamed } from './backups.ts';

/**
 * Dumps of a MySQL server, and what loads them: as its administrator, by its socket
 * @param server whose image, user and socket's folder they have
 */
export function mysqlDumps(
  { database, user, rootPassword, backups }: MysqlInput,
  server: Pick<Container, 'name' | 'image' | 'user' | 'mounts'>,
): Streamed {
  const step = (script: string, env: Readonly<Record<string, Value>>): ContainerStep => ({
    image: server.image,
    entrypoint: 'bash',
    command: [`/etc/berth/${script}`],
    env: {
      ...{ SYSTEM: backups?.system ?? '', NAME: server.name },
      ...{ DATABASE: database, DATABASE_USER: user, ROOT_PASSWORD: secret(rootPassword) },
      ...env,
    },
    calls: [],
    config: {
      path: '/etc/berth',
      files: Object.fromEntries(
        ['server.sh', 'dump.sh', 'load.sh', 'rows.awk'].map((name) => [
          name,
          { template: `mysql/${name}`, values: {} },
        ]),
      ),
    },
    mounts: server.mounts,
    memoryMb: 256,
    cpus: 0.5,
    user: server.user,
    stopSeconds: 20,
  });
  return { name: server.name, write: (env) => step('dump.sh', env), read: (env) => step('load.sh', env) };
}
