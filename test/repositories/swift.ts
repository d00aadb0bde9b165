import { spawn } from 'node:child_process';
import { closeSync, existsSync, openSync, readFileSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { setTimeout as sleep } from 'node:timers/promises';
import { checkout } from '../../src/paths.ts';
import { linter } from '../../tools/lib/linters.ts';
import { freePort } from '../freePort.ts';
import { folderOf } from '../render/docker.ts';
import { keystone, type Login } from './keystone.ts';
import type { Repository } from './restic.ts';

const login: Login = {
  username: 'keeper',
  password: 'the-keeper-0123456789',
  project: '0123456789abcdef',
  region: 'GRA',
};

/** Starts OpenStack's Swift, behind what stands in for Keystone */
export async function swift(): Promise<Repository & { close(): void }> {
  const root = folderOf({});
  const port = await started(root);
  const door = await keystone(port, login);
  const account = `http://127.0.0.1:${port}/v1/AUTH_test`;
  const names = async (bucket: string): Promise<readonly string[]> => {
    const found = (await (await fetch(`${account}/${bucket}?format=json`)).json()) as { name: string }[];
    return found.map(({ name }) => name);
  };
  return {
    storage: 'swift',
    facts: { ...login, endpoint: door.url },
    key: 'password',
    make: async () => undefined,
    objects: async (bucket) =>
      Object.fromEntries(
        await Promise.all(
          (await names(bucket)).map(async (name) => [name, await (await fetch(`${account}/${bucket}/${name}`)).text()]),
        ),
      ),
    async lose(bucket) {
      for (const name of await names(bucket)) await fetch(`${account}/${bucket}/${name}`, { method: 'DELETE' });
      await fetch(`${account}/${bucket}`, { method: 'DELETE' });
    },
    close() {
      door.close();
      end(root);
    },
  };
}

/**
 * Starts Swift's servers in a folder
 * @returns the proxy's port
 */
async function started(root: string): Promise<number> {
  const folder = dirname(dirname(await linter('swift-proxy-server', () => undefined)));
  const ports = [await freePort(), await freePort(), await freePort(), await freePort()] as const;
  const program = join(checkout, 'test', 'openstack', 'services', 'swift_server.py');
  const log = openSync(join(root, 'log'), 'w');
  const env = { ...process.env, PYTHONPATH: folder, PYTHONDONTWRITEBYTECODE: '1' };
  // Without the computer's own packages: its OpenSSL is not the one that these modules are for
  const child = spawn('python3', ['-S', program, root, ...ports.map(String)], { env, stdio: ['ignore', log, log] });
  closeSync(log);
  let last = '';
  for (const until = Date.now() + 90_000; Date.now() < until && child.exitCode === null; await sleep(200)) {
    const answer = await fetch(`http://127.0.0.1:${ports[0]}/v1/AUTH_test?format=json`).catch((error: Error) => error);
    if (answer instanceof Response && answer.ok) return ports[0];
    last = answer instanceof Response ? `status ${answer.status}` : String(answer.cause ?? answer);
  }
  end(root);
  const said = readFileSync(join(root, 'log'), 'utf8').slice(-2000);
  throw new Error(`Swift does not answer (${last}), its code is ${child.exitCode}:\n${said}`);
}

function end(root: string): void {
  const pids = join(root, 'pids');
  const found = existsSync(pids) ? readFileSync(pids, 'utf8').split('\n').map(Number) : [];
  for (const pid of found.filter((one) => one > 0)) {
    try {
      process.kill(pid, 'SIGKILL');
    } catch {
      // It has ended
    }
  }
}
