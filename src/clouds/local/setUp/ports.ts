import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { z } from 'zod';
import { alternatives, choosePorts } from '../../../model/ports.ts';
import type { Place } from '../../../pulumi/place.ts';
import type { WantedContainer } from '../wanted.ts';
import { portsInUse } from './computer.ts';

const rememberedShape = z.array(z.tuple([z.number(), z.number()]));

/** Ports of this computer by those of the environment file */
export type Ports = ReadonlyMap<number, number>;

/** File with the ports that were once chosen in place of those of the environment file */
export const portsFile = ({ folder, stack }: Place): string => join(folder, stack, 'ports.json');

/**
 * Chooses another port for each one that something else on this computer uses, and remembers it: it is kept while it is
 * free
 * @param say receives a line for each port that is not the file's own
 * @returns ports by those of the environment file; empty where all stay
 */
export async function freePorts(
  place: Place,
  containers: readonly WantedContainer[],
  say: (line: string) => void,
): Promise<Ports> {
  const wanted = containers.flatMap(({ publish }) => publish.map(({ hostPort }) => hostPort));
  const former = await remembered(place);
  const candidates = wanted.flatMap((port) => [...alternatives(port), former.get(port) ?? port]);
  const users = await portsInUse(place, [...new Set(candidates)]);
  const chosen = choosePorts(wanted, (port) => !users.has(port), former);
  const changed = new Map([...chosen].filter(([port, other]) => port !== other));
  for (const [port, other] of changed) {
    const why = users.has(port) ? `is in use by ${users.get(port)}` : 'was in use when another was chosen';
    say(`  port ${port} ${why}: ${other} is used in its place`);
  }
  await remember(place, former, changed);
  return changed;
}

/** Returns containers that publish the chosen ports */
export const withChosenPorts = (containers: readonly WantedContainer[], ports: Ports): WantedContainer[] =>
  containers.map((container) => ({
    ...container,
    publish: container.publish.map(({ machinePort, hostPort }) => ({
      machinePort,
      hostPort: ports.get(hostPort) ?? hostPort,
    })),
  }));

async function remember(place: Place, former: Ports, changed: Ports): Promise<void> {
  if ([...changed].every(([port, other]) => former.get(port) === other)) return;
  await mkdir(dirname(portsFile(place)), { recursive: true, mode: 0o700 });
  await writeFile(portsFile(place), `${JSON.stringify([...new Map([...former, ...changed])])}\n`);
}

async function remembered(place: Place): Promise<Ports> {
  const text = await readFile(portsFile(place), 'utf8').catch(() => '[]');
  return new Map(rememberedShape.parse(JSON.parse(text)));
}
