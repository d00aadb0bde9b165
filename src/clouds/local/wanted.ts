import type { Blueprint } from '../../model/blueprint.ts';
import type { LocalSettings } from '../../model/environment.ts';
import { machinesOf } from '../../model/machines.ts';
import { machineName } from '../../model/names.ts';
import { localSizes } from '../capabilities.ts';

/**
 * What a container takes at least once it serves: measured in deployments without visitors, where machines of Basegun and
 * Lostops had 180 to 280 MB of memory that the kernel can't take back, and wrote 720 to 1000 MB. A machine's size is its
 * bound, not what it takes.
 */
const takes = {
  machine: { memoryMb: 200, diskMb: 700 },
  // OpenSearch with a heap of 384 MB
  logReceiver: { memoryMb: 560, diskMb: 1 },
  other: { memoryMb: 10, diskMb: 1 },
} as const;

/** A container that is about to stand on this computer, by the name of its resource */
export interface WantedContainer {
  name: string;
  memoryMb: number;
  diskMb: number;
  publish: { machinePort: number; hostPort: number }[];
}

/** Every container of these systems: machines, and what stands in for a cloud's own services */
export const containersOf = (blueprints: readonly Blueprint[]): WantedContainer[] =>
  blueprints.flatMap((blueprint) => [...machines(blueprint), ...receivers(blueprint)]);

/** Docker's images that they are made of */
export const imagesOf = ({ machineImage, firewallImage, receivers: own }: LocalSettings): string[] => [
  ...new Set([machineImage, ...(firewallImage === undefined ? [] : [firewallImage]), ...Object.values(own)]),
];

const machines = (blueprint: Blueprint): WantedContainer[] =>
  machinesOf(blueprint).map(({ machine, role: { size, publish } }) => {
    const { memoryMb } = localSizes[size as keyof typeof localSizes];
    return {
      name: machineName(machine),
      memoryMb: Math.min(memoryMb, takes.machine.memoryMb),
      diskMb: takes.machine.diskMb,
      publish: Object.entries(publish).map(([port, hostPort]) => ({ machinePort: Number(port), hostPort })),
    };
  });

function receivers({ system, buckets, logStreams }: Blueprint): WantedContainer[] {
  const others = ['registry', 'acme', ...buckets.map(({ name }) => name)];
  return [
    ...others.map((name) => ({ name: `${system}-${name}`, ...takes.other, publish: [] })),
    ...logStreams.map(({ name }) => ({ name: `${system}-${name}`, ...takes.logReceiver, publish: [] })),
  ];
}
