import { mkdir, readdir, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { user } from '../../e2e/existing/host.ts';
import { run } from '../../e2e/stack.ts';
import type { Target } from './contender.ts';

export type Log = (line: string) => void;

/** A tool's folder on the controller: its key, the machine's pinned key, and OpenSSH's settings, which share one login */
export interface Project {
  folder: string;
  /** OpenSSH's settings, in which a machine's name is `machine` */
  sshConfig: string;
  write(path: string, text: string, mode?: number): Promise<void>;
  /** Points it at a machine */
  aim(to: Target): Promise<void>;
  /** Closes the shared login, as a pause between two commands of a person does */
  rest(): Promise<void>;
}

export async function project(folder: string, privateKey: string): Promise<Project> {
  const sshConfig = join(folder, 'ssh_config');
  const sockets = join(folder, 's');
  const write: Project['write'] = async (path, text, mode = 0o644) => {
    const file = join(folder, path);
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, text, { mode });
  };
  await mkdir(sockets, { recursive: true });
  await write('identity', `${privateKey.trim()}\n`, 0o600);
  return {
    folder,
    sshConfig,
    write,
    async aim({ host, wire }) {
      await write('known_hosts', `machine ${host.hostKey.trim()}\n`);
      await write('ssh_config', settings(folder, sockets, wire.port));
    },
    async rest() {
      for (const socket of await readdir(sockets))
        await run('ssh', ['-o', `ControlPath=${join(sockets, socket)}`, '-O', 'exit', 'machine'], process.env);
    },
  };
}

const settings = (folder: string, sockets: string, port: number): string => `Host machine
  HostName 127.0.0.1
  Port ${port}
  User ${user}
  IdentityFile ${join(folder, 'identity')}
  IdentitiesOnly yes
  HostKeyAlias machine
  UserKnownHostsFile ${join(folder, 'known_hosts')}
  StrictHostKeyChecking yes
  ControlMaster auto
  ControlPath ${join(sockets, '%C')}
  ControlPersist 60
`;
