import type { Blueprint } from '../../model/blueprint.ts';
import { machinesOf } from '../../model/machines.ts';
import { machineName } from '../../model/names.ts';
import { repositoriesOf } from '../../model/repositories.ts';
import type { LocalSettings } from './prepared.ts';

/**
 * Minimum use of a system in service, measured without visitors: 100 MB of unreclaimable memory for a machine with
 * Redis only, 200 to 280 MB for one with an edge and three services; 220 and 720 MB of disk. A machine's size is its
 * limit, not its use.
 */
const takes = {
  machine: { memoryMb: 60, diskMb: 10 },
  /** For each service of a machine, including its edge: memory while it runs, and disk for its image if it has one */
  service: { memoryMb: 35, diskMb: 180 },
  /** OpenSearch with a heap of 384 MB */
  logReceiver: { memoryMb: 540, diskMb: 1 },
  other: { memoryMb: 5, diskMb: 1 },
} as const;

/** A container to be created on this computer, by the name of its resource */
export interface WantedContainer {
  name: string;
  memoryMb: number;
  diskMb: number;
  publish: { machinePort: number; hostPort: number }[];
}

/** Returns every container of these systems: machines, and servers in place of a cloud's services */
export const containersOf = (blueprints: readonly Blueprint[]): WantedContainer[] =>
  blueprints.flatMap((blueprint) => [...machines(blueprint), ...receivers(blueprint)]);

/** Returns the images of docker that the containers use */
export const dockerImages = (settings: LocalSettings): string[] => {
  const { machineImage, firewallImage = machineImage, receivers: own, repositories = {} } = settings;
  return [...new Set([machineImage, firewallImage, ...Object.values(own), ...Object.values(repositories)])];
};

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

function receivers(blueprint: Blueprint): WantedContainer[] {
  const { system, roles, buckets, logStreams } = blueprint;
  const common = Object.entries(roles).filter(([, { failover }]) => failover);
  const addresses = common.map(([role]) => `${role}-address`);
  const repositories = repositoriesOf(blueprint).flatMap((url, index) => (isHere(url) ? [`repository-${index}`] : []));
  const others = ['registry', 'acme', ...addresses, ...repositories, ...buckets.map(({ name }) => name)];
  return [
    ...others.map((name) => ({ name: `${system}-${name}`, ...takes.other, publish: [] })),
    ...logStreams.map(({ name }) => ({ name: `${system}-${name}`, ...takes.logReceiver, publish: [] })),
  ];
}

/** Whether a repository exists for the machines of a stack alone */
const isHere = (url: string): boolean => new URL(url).hostname.endsWith('.test');
