import { readdir, readFile, rm } from 'node:fs/promises';
import { hostname } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { isRunning } from '../process/running.ts';
import { type Place, projectName } from './place.ts';

const lockShape = z.object({ pid: z.number(), hostname: z.string() });

/**
 * Removes the locks that engines left on a place's state when they were killed: of processes of this machine that no
 * longer run. A lock of a running engine stays, and the next engine says whose it is.
 */
export async function dropDeadLocks({ folder, stack, project }: Place): Promise<void> {
  const locks = join(folder, 'state', '.pulumi', 'locks', 'organization', projectName(project), stack);
  for (const name of await readdir(locks).catch(() => [])) {
    const file = join(locks, name);
    const lock = lockShape.safeParse(JSON.parse(await readFile(file, 'utf8').catch(() => 'null')));
    if (lock.success && lock.data.hostname === hostname() && !isRunning(lock.data.pid)) await rm(file, { force: true });
  }
}
