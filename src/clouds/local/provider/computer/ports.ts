import { readdir, readFile, readlink } from 'node:fs/promises';
import { createServer } from 'node:net';
import type { Holder, TakenPort } from './found.ts';
import { listenerOf } from './sockets.ts';

/** Returns the ports that can't be listened on, each with its holder if this user may see it */
export async function takenPorts(ports: readonly number[]): Promise<readonly TakenPort[]> {
  const taken = await Promise.all(
    ports.map(async (port): Promise<TakenPort[]> => {
      if (!(await isTaken(port))) return [];
      const by = await holderOf(port);
      return [{ port, ...(by && { by }) }];
    }),
  );
  return taken.flat();
}

/** Only "in use" counts as taken: docker may listen on low ports that this user may not */
function isTaken(port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const server = createServer().on('error', (error: NodeJS.ErrnoException) => resolve(error.code === 'EADDRINUSE'));
    server.listen(port, '127.0.0.1', () => server.close(() => resolve(false)));
  });
}

/**
 * Returns the process that listens on a port; `undefined` on other systems than Linux, or if the kernel hides processes
 */
async function holderOf(port: number): Promise<Holder | undefined> {
  const tables = await Promise.all(['tcp', 'tcp6'].map((name) => textOf(`/proc/net/${name}`)));
  const listener = tables.map((table) => listenerOf(port, table)).find((found) => found !== undefined);
  if (!listener) return undefined;
  for (const pid of (await readdir('/proc')).filter((name) => /^\d+$/.test(name))) {
    if (await hasSocket(pid, listener.inode))
      return { pid: Number(pid), name: (await textOf(`/proc/${pid}/comm`)).trim() };
  }
  return { uid: listener.uid };
}

async function hasSocket(pid: string, inode: string): Promise<boolean> {
  const folder = `/proc/${pid}/fd`;
  const files = await readdir(folder).catch(() => []);
  const targets = await Promise.all(files.map((file) => readlink(`${folder}/${file}`).catch(() => '')));
  return targets.includes(`socket:[${inode}]`);
}

const textOf = (file: string): Promise<string> => readFile(file, 'utf8').catch(() => '');
