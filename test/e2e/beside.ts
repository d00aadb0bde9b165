import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { builtImages } from '../../src/clouds/local/images/build.ts';
import { imageTag } from '../../src/clouds/local/images/keys.ts';
import { maker } from '../../src/clouds/local/images/maker.ts';
import type { Recipe } from '../../src/clouds/local/images/recipes.ts';
import { eventually } from './client.ts';
import { networkOf } from './reach.ts';
import { run, type TestStack } from './stack.ts';

export interface Network {
  name: string;
  subnet: string;
}

/** Waits for the stack's network and returns it, so that containers can be added to it before its machine needs them */
export async function networkThatAppears(stack: TestStack): Promise<Network> {
  return await eventually(
    120,
    () => networkOf(stack),
    (network) => !(network instanceof Error) && network.subnet !== '',
  );
}

/** Returns the name of a container that does not belong to the stack */
export const nameBeside = ({ place }: Pick<TestStack, 'place'>, what: string): string =>
  `berth-${place.stack}-beside-${what}`;

/** Starts a container on the stack's network, at a fixed address that the stack does not plan for its own machines */
export async function startBeside(
  name: string,
  network: Network,
  { alias, last }: { alias: string; last: number },
  words: readonly string[],
): Promise<void> {
  const ip = network.subnet.replace(/\d+\/\d+$/, `${last}`);
  const place = ['--detach', '--init', '--name', name, '--network', network.name, '--ip', ip, '--network-alias', alias];
  const { code, output } = await run('docker', ['run', ...place, ...words], process.env);
  if (code !== 0) throw new Error(output);
}

/** A container that answers each line with one */
export interface Beside {
  ask(line: string): Promise<unknown>;
  close(): Promise<void>;
}

/** Returns the tag of an image, built where it is not there yet */
export async function made(recipe: Recipe): Promise<string> {
  await maker(await builtImages()).image(recipe, () => undefined);
  return imageTag(recipe);
}

/**
 * Starts a container that answers each line on its standard input with a line of JSON
 * @param network of docker, by name
 */
export function talkBeside(name: string, network: string, words: readonly string[]): Beside {
  const place = ['--interactive', '--init', '--name', name, '--network', network];
  const child = spawn('docker', ['run', ...place, ...words], { stdio: ['pipe', 'pipe', 'pipe'] });
  let [asked, errors] = [[] as { resolve(value: unknown): void; reject(error: Error): void }[], ''];
  child.stderr.on('data', (data: Buffer) => (errors += data.toString()));
  child.stdin.on('error', () => undefined);
  createInterface({ input: child.stdout }).on('line', (line) => asked.shift()?.resolve(JSON.parse(line)));
  const ended = new Promise<void>((resolve) => {
    child.on('close', () => {
      for (const { reject } of asked) reject(new Error(`${name} has ended: ${errors}`));
      asked = [];
      resolve();
    });
  });
  return {
    ask: (line) =>
      new Promise((resolve, reject) => {
        if (child.exitCode !== null) return reject(new Error(`${name} has ended: ${errors}`));
        asked.push({ resolve, reject });
        child.stdin.write(`${line}\n`);
      }),
    async close() {
      child.stdin.end();
      await run('docker', ['rm', '--force', name], process.env);
      // Docker's client may wait for ever for a container that is removed while it ends. The container has no --rm: two
      // removals at the same moment can leave it half removed
      child.kill('SIGKILL');
      await ended;
    },
  };
}
