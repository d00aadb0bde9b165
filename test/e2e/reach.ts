import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { stringify } from 'yaml';
import { checkout } from '../../tools/lib/paths.ts';
import type { Peer } from './bare/peer.ts';
import { inMachine, machineContainer, stdoutOf, type TestStack } from './stack.ts';

/** Every port that a service of ours could have by a slip */
const lastPort = 10_000;

/** The TCP ports of an address that answer to a peer, up to the last one */
export const answering = async (from: Peer, address: string, last = lastPort): Promise<number[]> =>
  Object.keys(await from.scan(address, last)).map(Number);

/** The same from a machine of the stack: what its firewall lets out is what arrives */
export async function answeringFromMachine(
  stack: TestStack,
  machine: string,
  address: string,
  last = lastPort,
): Promise<number[]> {
  const container = await machineContainer(stack, machine);
  await stdoutOf('docker', ['cp', join(checkout, 'test/e2e/bare/scan.py'), `${container}:/root/scan.py`]);
  const found = await inMachine(stack, `python3 /root/scan.py ${address} ${last}`, machine);
  return Object.keys(JSON.parse(found)).map(Number);
}

/** The one network of a stack, and its subnet */
export async function networkOf({ place }: TestStack): Promise<{ name: string; subnet: string }> {
  const words = ['network', 'ls', '--format', '{{.Name}}', '--filter', `name=berth-${place.stack}-`];
  const name = (await stdoutOf('docker', words)).trim();
  const format = '{{range .IPAM.Config}}{{.Subnet}}{{end}}';
  return { name, subnet: (await stdoutOf('docker', ['network', 'inspect', '--format', format, name])).trim() };
}

interface Reach {
  from: { kind: string; role?: string };
  to: { role: string };
  port: number;
}

/** The ports of a role that `berth matrix` opens to another role, to `operators` or to `internet` */
export async function openPorts({ place }: TestStack): Promise<(from: string, to: string) => number[]> {
  // A project of its own, whose environment file is the stack's
  await writeFile(join(place.folder, 'Pulumi.yaml'), stringify({ name: 'berth', runtime: 'nodejs' }));
  await copyFile(join(place.folder, 'environment.yaml'), join(place.folder, `Pulumi.${place.stack}.yaml`));
  const words = [join(checkout, 'bin', 'berth.js'), 'matrix', place.stack, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: place.folder });
  const { open } = JSON.parse(stdout) as { open: Reach[] };
  return (from, to) => {
    const ports = open
      .filter((reach) => reach.to.role === to && ['internet', from].includes(reach.from.role ?? reach.from.kind))
      .map(({ port }) => port);
    return [...new Set(ports)].sort((a, b) => a - b);
  };
}
