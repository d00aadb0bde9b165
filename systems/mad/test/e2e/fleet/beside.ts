import { writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { standInTable } from '../../../../../src/clouds/local/images/table.ts';
import { type Beside, made, nameBeside, talkBeside } from '../../../../../test/e2e/beside.ts';
import { authority } from '../../../../../test/e2e/client.ts';
import { networkOf } from '../../../../../test/e2e/reach.ts';
import type { TestStack } from '../../../../../test/e2e/stack.ts';
import mad from '../../../system.ts';

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
  /** Of Socket.IO's clients. @default 4 */
  protocol?: 2 | 4;
  transports: readonly string[];
  /** Whether they report their health. @default false */
  tells?: boolean;
  /** Whether a proxy stands between. @default false */
  proxy?: boolean;
}

export interface Place<Stack = Pick<TestStack, 'place'>> {
  stack: Stack;
  /** Addresses by public name */
  hosts: Readonly<Record<string, string>>;
  /** File with the local authority's root certificate */
  roots: string;
}

/** Returns a place, with the root certificate of the stack's authority in its folder */
export async function placeOf(stack: TestStack, hosts: Place['hosts']): Promise<Place<TestStack>> {
  const roots = join(stack.place.folder, 'roots.pem');
  await writeFile(roots, await authority(stack));
  return { stack, hosts, roots };
}

const here = (name: string): string => fileURLToPath(new URL(name, import.meta.url));

/** Starts visitors, with the packages of the client's image */
export async function startVisitors({ stack, hosts, roots }: Place, wanted: VisitorsWanted): Promise<Visitors> {
  const production = mad.standIns?.find(({ image }) => image.includes('mad-client'))?.image;
  const recipe = standInTable(mad.standIns ?? []).find((one) => one.production === production)?.recipe;
  if (!recipe) throw new Error('no image of the client');
  const given = ['--volume', `${here('visitors.cjs')}:/app/visitors.cjs:ro`, '--volume', `${roots}:/roots.pem:ro`];
  const names = Object.entries(hosts).flatMap(([name, address]) => ['--add-host', `${name}:${address}`]);
  const options = { url: 'https://api.mad.localhost', ...wanted };
  const words = [...given, ...names, '--env', 'NODE_EXTRA_CA_CERTS=/roots.pem', await made(recipe)];
  const all = [...words, 'node', 'visitors.cjs', JSON.stringify(options)];
  const beside = talkBeside(nameBeside(stack, wanted.kind), (await networkOf(stack)).name, all);
  return { close: beside.close, report: async () => (await beside.ask('')) as Report };
}
