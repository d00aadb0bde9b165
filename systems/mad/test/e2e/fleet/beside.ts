import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { builtImages } from '../../../../../src/clouds/local/images/build.ts';
import { imageTag } from '../../../../../src/clouds/local/images/keys.ts';
import { maker } from '../../../../../src/clouds/local/images/maker.ts';
import type { Recipe } from '../../../../../src/clouds/local/images/recipes.ts';
import { standInTable } from '../../../../../src/clouds/local/images/table.ts';
import { nameBeside } from '../../../../../test/e2e/beside.ts';
import { networkOf } from '../../../../../test/e2e/reach.ts';
import { run, type TestStack } from '../../../../../test/e2e/stack.ts';
import mad from '../../../system.ts';

/** A container beside the machines that answers each line with one */
export interface Beside {
  ask(line: string): Promise<unknown>;
  close(): Promise<void>;
}

/** How visitors fare, by visitors.cjs */
export interface Report {
  connected: number;
  /** Visitors of each machine */
  instances: Record<string, number>;
  /** Visitors by transport */
  by: Record<string, number>;
  drops: number;
  longestGapMs: number;
  reasons: Record<string, number>;
  errors: Record<string, number>;
}

export interface Visitors extends Pick<Beside, 'close'> {
  report(): Promise<Report>;
}

export interface VisitorsWanted {
  /** Begins their names */
  kind: string;
  count: number;
  /** How many come in a second. @default 50 */
  perSecond?: number;
  /** Of Socket.IO's clients. @default 4 */
  protocol?: 2 | 4;
  transports: readonly string[];
  /** Whether they report their health. @default false */
  tells?: boolean;
  /** Whether a proxy stands between. @default false */
  proxy?: boolean;
}

export interface Place {
  stack: TestStack;
  /** Addresses by public name */
  hosts: Readonly<Record<string, string>>;
  /** File with the local authority's root certificate */
  roots: string;
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));
const browserRecipe: Recipe = { name: 'browser', context: here('browser') };

/** Starts visitors, with the packages of the client's image */
export async function startVisitors({ stack, hosts, roots }: Place, wanted: VisitorsWanted): Promise<Visitors> {
  const production = mad.standIns?.find(({ image }) => image.includes('mad-client'))?.image;
  const recipe = standInTable(mad.standIns ?? []).find((one) => one.production === production)?.recipe;
  if (!recipe) throw new Error('no image of the client');
  const given = ['--volume', `${here('visitors.cjs')}:/app/visitors.cjs:ro`, '--volume', `${roots}:/roots.pem:ro`];
  const names = Object.entries(hosts).flatMap(([name, address]) => ['--add-host', `${name}:${address}`]);
  const options = { url: 'https://api.mad.localhost', perSecond: 50, ...wanted };
  const words = [...given, ...names, '--env', 'NODE_EXTRA_CA_CERTS=/roots.pem', await made(recipe)];
  const beside = await start(stack, wanted.kind, [...words, 'node', 'visitors.cjs', JSON.stringify(options)]);
  return { close: beside.close, report: async () => (await beside.ask('')) as Report };
}

/** Opens a page in a browser; what is asked of it are expressions that the page evaluates */
export async function openPage({ stack, hosts }: Place, url: string): Promise<Beside> {
  const names = Object.entries(hosts).map(([name, address]) => `${name} ${address}`);
  return start(stack, 'browser', [await made(browserRecipe), url, ...names]);
}

async function made(recipe: Recipe): Promise<string> {
  await maker(await builtImages()).image(recipe, () => undefined);
  return imageTag(recipe);
}

async function start(stack: TestStack, what: string, words: readonly string[]): Promise<Beside> {
  const name = nameBeside(stack, what);
  const place = ['--rm', '--interactive', '--init', '--name', name, '--network', (await networkOf(stack)).name];
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
      await ended;
    },
  };
}
