import type { Blueprint } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';
import { machineName } from '../../model/names.ts';
import type { LocalSettings } from './prepared.ts';

/**
 * What is taken at least once a system serves, as measured without visitors: of memory that the kernel can't take back, 100
 * MB by a machine with Redis alone and 200 to 280 by one with an edge and three services; of disk, 220 and 720 MB. A
 * machine's size is its bound, not what it takes.
 */
const takes = {
  machine: { memoryMb: 60, diskMb: 10 },
  /** Each service of a machine, its edge too: memory as it runs, disk for its image where it has one */
  service: { memoryMb: 35, diskMb: 180 },
  /** OpenSearch with a heap of 384 MB */
  logReceiver: { memoryMb: 540, diskMb: 1 },
  other: { memoryMb: 5, diskMb: 1 },
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
  machinesOf(blueprint).map(({ machine, role: { services, edge, publish } }) => {
    const images = services.filter(({ kind }) => kind === 'container').length + (edge?.image ? 1 : 0);
    return {
      name: machineName(machine),
      memoryMb: takes.machine.memoryMb + (services.length + (edge ? 1 : 0)) * takes.service.memoryMb,
      diskMb: takes.machine.diskMb + images * takes.service.diskMb,
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
