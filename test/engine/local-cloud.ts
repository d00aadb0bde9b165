import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe } from 'vitest';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { planImages } from '../../src/clouds/local/images/plan.ts';
import { bareMachine, machineRecipe, receivers } from '../../src/clouds/local/images/recipes.ts';
import { dockerObstacle, ensureDocker } from '../../src/clouds/local/setUp/docker.ts';
import { checkout } from '../../src/paths.ts';
import { nameOf, type Project, temporaryProject } from './engine.ts';
import { docker } from './local-docker.ts';

/** The images that a local cloud needs, without those of the systems which run on it. */
export const images = {
  machine: imageTag(machineRecipe),
  bareMachine: imageTag(bareMachine),
  registry: imageTag(receivers.registry),
  objectStore: imageTag(receivers.objectStore),
  logReceiver: imageTag(receivers.logReceiver),
  acme: imageTag(receivers.acme),
};

/** Tests on a stack of their own, which is destroyed after them; skipped, with the reason, where no docker engine can run. */
export function describeLocal(title: string, tests: (stack: () => LocalStack) => void): void {
  const reason = obstacle === undefined ? title : `${title}, skipped: ${obstacle}`;
  describe.skipIf(obstacle !== undefined)(reason, { timeout: 180_000 }, () => {
    let stack: LocalStack | undefined;
    beforeAll(async () => {
      await prepareLocalCloud();
      stack = await localStack();
    }, 1_200_000);
    afterAll(async () => {
      await stack?.run('destroy');
      await stack?.remove();
    }, 120_000);
    tests(() => {
      if (stack === undefined) throw new Error('the stack is made before the first test');
      return stack;
    });
  });
}

const obstacle = await dockerObstacle();

async function prepareLocalCloud(): Promise<void> {
  await ensureDocker(() => undefined);
  const needed = [bareMachine, machineRecipe, ...Object.values(receivers)].map(({ name }) => `${name} image`);
  const { stages } = await planImages({ images: new Set(), standIns: [] });
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
  const executable = join(checkout, 'src/clouds/local/provider/pulumi-resource-berthlocal');
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

/** What a machine's user data says, which no one may read but root on the machine. */
export const USER_DATA_SECRET = 'only-for-this-machine';

/** A machine of a stack, at `host:<number>`, that nobody reaches. */
export function machineOf(prefix: string, name: string, host: number, more: Record<string, unknown> = {}): Wanted {
  return {
    type: 'Machine',
    inputs: {
      name: `${prefix}-${name}`,
      hostname: name,
      network: prefix,
      address: `host:${host}`,
      image: images.machine,
      firewallImage: images.machine,
      userData: `#cloud-config\nwrite_files: [{path: /etc/greeting, content: ${USER_DATA_SECRET}}]\n`,
      rules: [],
      memoryMb: 768,
      cpus: 64,
      ...more,
    },
  };
}

/** A receiver of a stack, at `host:<number>`. */
export function receiverOf(prefix: string, type: string, name: string, host: number, image: string, more = {}): Wanted {
  return { type, inputs: { name: `${prefix}-${name}`, network: prefix, address: `host:${host}`, image, ...more } };
}

/** The outputs in the state, by resource. */
export async function outputs(stack: LocalStack): Promise<Record<string, Record<string, unknown>>> {
  const custom = (await stack.resources()).filter((resource) => resource.custom);
  return Object.fromEntries(custom.map(({ urn, outputs }) => [nameOf(urn), outputs ?? {}]));
}

export const address = (state: Record<string, Record<string, unknown>>, name: string) => String(state[name]?.address);

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
