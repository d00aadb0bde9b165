import { execFile } from 'node:child_process';
import { copyFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { expect } from 'vitest';
import { stringify } from 'yaml';
import { imageTag } from '../../../src/clouds/local/images/keys.ts';
import { bareMachine, machineRecipe as fullMachine } from '../../../src/clouds/local/images/recipes.ts';
import { addressAt } from '../../../src/model/address.ts';
import { checkout } from '../../../src/paths.ts';
import { inMachine, machineContainer, run, type TestStack, testStack } from '../stack.ts';
import { type Peer, peer } from './peer.ts';

/** Basegun behind a provider's gateway on a bare Debian machine, and peers that connect to it */
export interface Scene {
  stack: TestStack;
  address: string;
  /** `operator` is this computer, `gateway` has the gateway's address, `stranger` another address of the network */
  peers: Record<'operator' | 'gateway' | 'stranger', Peer>;
  machine(script: string): Promise<string>;
  /** Ports that `berth matrix` prints as open to each peer */
  matrix(): Promise<Record<keyof Scene['peers'], number[]>>;
  remove(): Promise<void>;
}

/** Address outside the machine's network, as a provider's gateway has */
export const gatewayAddress = '198.18.0.10';

export async function makeScene(): Promise<Scene> {
  const bare = { machineImage: imageTag(bareMachine), firewallImage: imageTag(fullMachine) };
  const options = { tls: 'upstream', contact: undefined, gatewayNetworks: [`${gatewayAddress}/32`] };
  const stack = await testStack(options, bare);
  const peers: Partial<Scene['peers']> = {};
  const remove = async (): Promise<void> => {
    // A network can only be removed after its containers
    for (const one of Object.values(peers)) await one.remove();
    await stack.remove();
  };
  try {
    const up = await stack.up();
    expect(up.code, up.output).toBe(0);
    const address = (await stack.outputs()).machines['basegun-web-0']?.publicAddress ?? '';
    const network = await networkOf(stack);
    peers.operator = await peer(stack, 'operator', 'this computer', network.name);
    peers.gateway = await peer(stack, 'gateway', addressAt(network.subnet, 200), network.name);
    peers.stranger = await peer(stack, 'stranger', addressAt(network.subnet, 201), network.name);
    const { operator, gateway, stranger } = peers;
    // Direct routes in both directions, without a router
    await gateway.run(
      `ip address add ${gatewayAddress}/32 dev eth0; ip route add ${address}/32 dev eth0 src ${gatewayAddress}`,
    );
    await inMachine(stack, `ip route add ${gatewayAddress}/32 dev eth0`);
    return {
      stack,
      address,
      peers: { operator, gateway, stranger },
      machine: (script) => inMachine(stack, script),
      matrix: () => matrix(stack),
      remove,
    };
  } catch (error) {
    await remove();
    throw error;
  }
}

/** Returns the network of the stack's machine, with its subnet */
async function networkOf(stack: TestStack): Promise<{ name: string; subnet: string }> {
  const words = ['network', 'ls', '--format', '{{.Name}}', '--filter', `name=berth-${stack.place.stack}-`];
  const name = (await run('docker', words, process.env)).output.trim();
  const format = '{{range .IPAM.Config}}{{.Subnet}}{{end}}';
  const { output } = await run('docker', ['network', 'inspect', '--format', format, name], process.env);
  return { name, subnet: output.trim() };
}

interface Reach {
  port: number;
  protocol: string;
  from: { kind: 'internet' } | { kind: 'operators' } | { kind: 'networks'; networks: string[] };
}

async function matrix({ place }: TestStack): Promise<Record<keyof Scene['peers'], number[]>> {
  // A separate project with the stack's environment file
  const environment = join(place.folder, 'environment.yaml');
  await writeFile(join(place.folder, 'Pulumi.yaml'), stringify({ name: 'berth', runtime: 'nodejs' }));
  await copyFile(environment, join(place.folder, `Pulumi.${place.stack}.yaml`));
  const words = [join(checkout, 'src', 'start', 'berth.js'), 'matrix', place.stack, '--json'];
  const { stdout } = await promisify(execFile)(process.execPath, words, { cwd: place.folder });
  const { open, otherwise } = JSON.parse(stdout) as { open: Reach[]; otherwise: string };
  expect(otherwise).toBe('closed');
  const to = (...kinds: Reach['from']['kind'][]) =>
    open.filter(({ from, protocol }) => protocol === 'tcp' && kinds.includes(from.kind)).map(({ port }) => port);
  const ofGateway = open.filter(
    ({ from }) => from.kind === 'networks' && from.networks.includes(`${gatewayAddress}/32`),
  );
  return {
    operator: to('internet', 'operators').sort(ascending),
    gateway: [...to('internet'), ...ofGateway.map(({ port }) => port)].sort(ascending),
    stranger: to('internet').sort(ascending),
  };
}

const ascending = (a: number, b: number): number => a - b;

/** Returns the image that the machine booted */
export async function bootedImage(stack: TestStack): Promise<string> {
  const words = ['inspect', '--format', '{{.Config.Image}}', await machineContainer(stack)];
  return (await run('docker', words, process.env)).output.trim();
}
