import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { checkout } from '../../src/paths.ts';
import type { Peer } from './bare/peer.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from './stack.ts';

/** TCP ports that answer, by address */
export type Answering = Readonly<Record<string, readonly number[]>>;

/** Returns the ports that answer to a peer, within ranges such as `1-1000,3306-3306` */
export const answering = async (from: Peer, addresses: readonly string[], spans: string): Promise<Answering> =>
  portsOf(await from.scanAll(addresses, spans));

/** Returns the ports that answer to a machine of the stack */
export async function answeringFromMachine(
  stack: TestStack,
  machine: string,
  addresses: readonly string[],
  spans: string,
): Promise<Answering> {
  const container = await machineContainer(stack, machine);
  await stdoutOf('docker', ['cp', join(checkout, 'test/e2e/bare/scan.py'), `${container}:/root/scan.py`]);
  return portsOf(JSON.parse(await inMachine(stack, `python3 /root/scan.py ${spans} ${addresses.join(' ')}`, machine)));
}

const portsOf = (found: Record<string, Record<string, string>>): Answering =>
  Object.fromEntries(Object.entries(found).map(([address, ports]) => [address, Object.keys(ports).map(Number)]));

/** Returns the network of a stack, with its subnet */
export async function networkOf({ place }: Pick<TestStack, 'place'>): Promise<{ name: string; subnet: string }> {
  const words = ['network', 'ls', '--format', '{{.Name}}', '--filter', `name=berth-${place.stack}-`];
  const name = (await stdoutOf('docker', words)).trim();
  const format = '{{range .IPAM.Config}}{{.Subnet}}{{end}}';
  return { name, subnet: (await stdoutOf('docker', ['network', 'inspect', '--format', format, name])).trim() };
}

interface Reach {
  from: { kind: string; role?: string };
  to: { role: string };
  port: number;
  protocol: string;
}

/** Returns the TCP ports of a role that are open to another role, to `operators` or to `internet`, by `berth matrix` */
export async function openPorts({ place }: Pick<TestStack, 'place'>): Promise<(from: string, to: string) => number[]> {
  // A separate project with the stack's environment file
  await writeFile(join(place.folder, 'Pulumi.yaml'), stringify({ name: 'berth', runtime: 'nodejs' }));
  await copyFile(join(place.folder, 'environment.yaml'), join(place.folder, `Pulumi.${place.stack}.yaml`));
  const words = [join(checkout, 'src', 'start', 'berth.js'), 'matrix', place.stack, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: place.folder });
  const { open } = JSON.parse(stdout) as { open: Reach[] };
  return (from, to) => {
    const ports = open
      .filter(({ protocol }) => protocol === 'tcp')
      .filter((reach) => reach.to.role === to && ['internet', from].includes(reach.from.role ?? reach.from.kind))
      .map(({ port }) => port);
    return [...new Set(ports)].sort((a, b) => a - b);
  };
}
