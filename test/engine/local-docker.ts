import { execFile } from 'node:child_process';
import { connect } from 'node:net';
import { setTimeout as sleep } from 'node:timers/promises';
import { promisify } from 'node:util';

/** Runs the docker command line, as a user beside Pulumi would. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { timeout: 170_000, maxBuffer: 1 << 24 });
  return stdout.trim();
}

/** The environment that docker gives a container. */
export async function environmentOf(container: string): Promise<Record<string, string>> {
  const lines = await docker('inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}', container);
  return Object.fromEntries(lines.split('\n').map((line) => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]));
}

/** What docker has of a name: containers, networks and volumes. */
export async function thingsNamed(prefix: string): Promise<string[]> {
  const listings = await Promise.all([
    docker('ps', '--all', '--format', '{{.Names}}', '--filter', `name=${prefix}`),
    docker('network', 'ls', '--format', '{{.Name}}', '--filter', `name=${prefix}`),
    docker('volume', 'ls', '--format', '{{.Name}}', '--filter', `name=${prefix}`),
  ]);
  return listings.flatMap((listing) => listing.split('\n').filter((line) => line !== ''));
}

/** Which of the ports take a connection, from this machine: the network's gateway. */
export async function openPorts(address: string, ports: readonly number[]): Promise<number[]> {
  const tries = ports.map(async (port) => ((await takesConnection(address, port)) ? [port] : []));
  return (await Promise.all(tries)).flat();
}

/** The same from inside a container. */
export async function openPortsFrom(container: string, address: string, ports: readonly number[]): Promise<number[]> {
  const tryOne = (port: number) =>
    `(timeout 10 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo ${port}) &`;
  const output = await docker('exec', container, 'bash', '-c', `${ports.map(tryOne).join('\n')}\nwait`);
  return output
    .split(/\s+/)
    .filter(Boolean)
    .map(Number)
    .sort((left, right) => left - right);
}

/** Waits, as long as a busy computer may need. */
export async function until(holds: () => Promise<boolean>): Promise<void> {
  const deadline = Date.now() + 90_000;
  while (!(await holds())) {
    if (Date.now() > deadline) throw new Error(`not within 90 s: ${holds}`);
    await sleep(200);
  }
}

function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 10_000 });
    const end = (answer: boolean) => {
      socket.destroy();
      resolve(answer);
    };
    socket
      .on('connect', () => end(true))
      .on('timeout', () => end(false))
      .on('error', () => end(false));
  });
}
