import { execFile } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { bareMachine, machine, receivers } from '../../tools/images/recipes.ts';
import { ensureDocker } from '../../tools/lib/docker.ts';
import { imageTag } from '../../tools/lib/images/keys.ts';
import { planImages } from '../../tools/lib/images.ts';
import { checkout } from '../../tools/lib/paths.ts';
import { nameOf, type Project, temporaryProject } from './engine.ts';

/** The images that a local cloud needs, without those of the systems which run on it. */
export const images = {
  machine: imageTag(machine, checkout),
  bareMachine: imageTag(bareMachine, checkout),
  registry: imageTag(receivers.registry, checkout),
  objectStore: imageTag(receivers.objectStore, checkout),
  logReceiver: imageTag(receivers.logReceiver, checkout),
  acme: imageTag(receivers.acme, checkout),
};

export async function prepareLocalCloud(): Promise<void> {
  await ensureDocker(() => undefined);
  const needed = [bareMachine, machine, ...Object.values(receivers)].map(({ name }) => `${name} image`);
  const { stages } = await planImages();
  await Promise.all(stages.filter(({ name }) => needed.includes(name)).map((stage) => stage.run(() => undefined)));
}

/** One resource of a stack; in its inputs `host:10` stands for the address of the network that ends so. */
export interface Wanted {
  type: string;
  inputs: Record<string, unknown>;
  options?: { replaceWith?: string[] };
}

/** A temporary stack of local resources by name; `network` comes first, and all others stand on it. */
export interface LocalStack extends Project {
  /** The prefix of its docker names: no two stacks of a run share it. */
  prefix: string;
  want(wanted: Record<string, Wanted>): Promise<void>;
}

export async function localStack(): Promise<LocalStack> {
  const executable = join(checkout, 'src/plugins/local/pulumi-resource-berthlocal');
  const project = await temporaryProject({ 'berthlocal-v0.1.0': executable });
  await project.program(program);
  const want = (wanted: Record<string, Wanted>) =>
    writeFile(join(project.folder, 'wanted.json'), JSON.stringify(wanted));
  return { ...project, prefix: `berth-test-${randomBytes(3).toString('hex')}`, want };
}

const program = `
import { readFileSync } from 'node:fs';
import * as pulumi from '@pulumi/pulumi';

const made = {};
const atHost = (value, subnet) =>
  JSON.parse(JSON.stringify(value).replace(/"host:(\\d+)"/g, (_all, host) => '"' + subnet.replace('0/24', host) + '"'));
for (const [name, { type, inputs, options }] of Object.entries(JSON.parse(readFileSync('wanted.json', 'utf8')))) {
  const { network } = made;
  const placed = Object.entries(inputs).map(([key, value]) => [key, network ? network.subnet.apply((subnet) => atHost(value, subnet)) : value]);
  const properties = Object.fromEntries(placed);
  if (inputs.userData !== undefined) properties.userData = pulumi.secret(inputs.userData);
  if (type === 'Network') properties.subnet = inputs.subnet;
  const replaceWith = (options?.replaceWith ?? []).map((other) => made[other]);
  const dependsOn = network ? [network] : [];
  made[name] = new pulumi.CustomResource('berthlocal:index:' + type, name, properties, { dependsOn, replaceWith });
}
`;

/** Runs the docker command line, as a user beside Pulumi would. */
export async function docker(...args: string[]): Promise<string> {
  const { stdout } = await promisify(execFile)('docker', args, { timeout: 60_000, maxBuffer: 1 << 24 });
  return stdout.trim();
}

/** The outputs in the state, by resource. */
export async function outputs(stack: LocalStack): Promise<Record<string, Record<string, unknown>>> {
  const custom = (await stack.resources()).filter((resource) => resource.custom);
  return Object.fromEntries(custom.map(({ urn, outputs }) => [nameOf(urn), outputs ?? {}]));
}

/** The environment that docker gives a container. */
export async function environmentOf(container: string): Promise<Record<string, string>> {
  const lines = await docker('inspect', '--format', '{{range .Config.Env}}{{println .}}{{end}}', container);
  return Object.fromEntries(lines.split('\n').map((line) => [line.replace(/=.*/s, ''), line.replace(/^[^=]*=/, '')]));
}

/** What a run of the resource leaves on the network when it is killed before the engine hears of it. */
export async function makeLeftover(stack: LocalStack, resource: string): Promise<void> {
  const owner = await docker('network', 'inspect', '--format', '{{index .Labels "berth.stack"}}', stack.prefix);
  const [network] = await stack.resources().then((all) => all.filter(({ type }) => type.endsWith(':Network')));
  const urn = network?.urn.replace('Network::network', `Machine::${resource}`);
  const labels = ['--label', `berth.stack=${owner}`, '--label', `berth.urn=${urn}`];
  const name = `${stack.prefix}-${resource}`;
  await docker('volume', 'create', ...labels, `${name}-docker`);
  const volume = `${name}-docker:/var/lib/docker`;
  await docker('create', '--name', name, '--network', stack.prefix, '--volume', volume, ...labels, images.machine);
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

/** Which of the ports take a connection within a second, from this machine: the network's gateway. */
export async function openPorts(address: string, ports: readonly number[]): Promise<number[]> {
  const tries = ports.map(async (port) => ((await takesConnection(address, port)) ? [port] : []));
  return (await Promise.all(tries)).flat();
}

/** The same from inside a container. */
export async function openPortsFrom(container: string, address: string, ports: readonly number[]): Promise<number[]> {
  const tryOne = (port: number) =>
    `(timeout 1 bash -c 'exec 3<>/dev/tcp/${address}/${port}' 2>/dev/null && echo ${port}) &`;
  const output = await docker('exec', container, 'bash', '-c', `${ports.map(tryOne).join('\n')}\nwait`);
  return output
    .split(/\s+/)
    .filter(Boolean)
    .map(Number)
    .sort((left, right) => left - right);
}

function takesConnection(host: string, port: number): Promise<boolean> {
  return new Promise((resolve) => {
    const socket = connect({ host, port, timeout: 1000 });
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
