import type { DockerEngine, FoundComputer, FoundContainer, Holder } from './found.ts';
import type { ContainerOfComputer, WantedOfComputer } from './wanted.ts';

/** A problem of this computer, in the form of an environment file's problems */
export interface ComputerProblem {
  /** Part of the computer, such as a port */
  path: string;
  message: string;
  allowed?: string;
  fix?: string;
}

/**
 * Returns everything that prevents a stack's machines from running on this computer. What the stack already runs counts
 * as its own: its ports are not taken, and its running containers need no further memory.
 */
export function problemsOfComputer(wanted: WantedOfComputer, found: FoundComputer): readonly ComputerProblem[] {
  return [
    ...dockerProblems(found.docker),
    ...portProblems(wanted, found),
    ...memoryProblems(wanted, found),
    ...diskProblems(wanted, found),
    ...imageProblems(found.docker),
  ];
}

/** API version of docker 20.10, the first with CgroupnsMode, which machines need to boot */
const leastApi = [1, 41] as const;

function dockerProblems(docker: FoundComputer['docker']): readonly ComputerProblem[] {
  if ('obstacle' in docker) return [{ path: 'docker', message: docker.obstacle }];
  const { version, apiVersion, os, limitsCpus } = docker;
  const problem = (message: string, allowed: string, fix: string) => ({ path: 'docker', message, allowed, fix });
  return [
    ...(isOlder(apiVersion)
      ? [problem(`${version} is too old for machines that boot systemd`, '20.10 and later', 'upgrade it')]
      : []),
    ...(os === 'linux' ? [] : [problem(`runs containers of ${os}`, 'linux', 'switch it to Linux containers')]),
    ...(limitsCpus
      ? []
      : [
          problem(
            "can't limit the processors of a container: this kernel has no CFS quota or its cgroup is not mounted",
            'a kernel with CONFIG_CFS_BANDWIDTH, its cpu cgroup mounted',
            'run it on another computer, or mount the cgroup',
          ),
        ]),
  ];
}

function isOlder(apiVersion: string): boolean {
  const [major = 0, minor = 0] = apiVersion.split('.').map(Number);
  return major < leastApi[0] || (major === leastApi[0] && minor < leastApi[1]);
}

function portProblems({ containers, owner, file }: WantedOfComputer, found: FoundComputer): readonly ComputerProblem[] {
  return containers.flatMap(({ name, publish }) =>
    publish.flatMap(({ machinePort, hostPort }): ComputerProblem[] => {
      const holder = otherHolder(hostPort, owner, found);
      if (!holder) return [];
      return [
        {
          path: `port ${hostPort} of 127.0.0.1`,
          message: `is in use by ${holder.who}, and ${name} is to publish its port ${machinePort} there`,
          allowed: 'a port on which nothing listens',
          fix: `${holder.stop}, or choose another port under "publish" in ${file}`,
        },
      ];
    }),
  );
}

/** Returns who uses a port of this computer, and how to stop it; `undefined` for a free port and for a stack's own */
export function otherHolder(
  port: number,
  owner: string,
  { docker, taken }: FoundComputer,
): { who: string; stop: string } | undefined {
  const shownBy = containersOf(docker).find(({ runs, ports }) => runs && ports.includes(port));
  const bound = taken.find((one) => one.port === port);
  if (shownBy?.owner === owner || !(shownBy || bound)) return undefined;
  // If docker is down, a port that its proxy still holds may belong to this stack
  if ('obstacle' in docker && bound?.by && 'name' in bound.by && bound.by.name === 'docker-proxy') return undefined;
  return shownBy ? ofContainer(shownBy) : ofProcess(port, bound?.by);
}

function ofContainer({ name, owner }: FoundContainer): { who: string; stop: string } {
  const stop = `stop it (docker stop ${name})`;
  if (owner === undefined) return { who: `docker's container ${name}`, stop };
  return { who: `${name} of another stack (${owner})`, stop: 'remove that stack where it was deployed' };
}

function ofProcess(port: number, by: Holder | undefined): { who: string; stop: string } {
  if (by && 'pid' in by) return { who: `${by.name} (pid ${by.pid})`, stop: `stop it (kill ${by.pid})` };
  const who = by ? `a process of the user with the id ${by.uid}` : 'a process of another user';
  return { who, stop: `stop it (sudo ss -tlnp 'sport = :${port}' names it)` };
}

function memoryProblems(
  { containers, owner }: WantedOfComputer,
  { docker, memoryMb }: FoundComputer,
): readonly ComputerProblem[] {
  const running = ownResources(docker, owner, ({ runs }) => runs);
  const started = containers.filter(({ name }) => !running.has(name));
  const needed = sum(started, ({ memoryMb: each }) => each);
  if (memoryMb === undefined || memoryMb >= needed) return [];
  return [
    {
      path: 'memory',
      message: `${inMb(memoryMb)} are available, and ${listed(started)} will use ${inMb(needed)} once they run`,
      allowed: `${inMb(needed)} and more`,
      fix: 'stop other programs, remove another stack, or declare fewer machines',
    },
  ];
}

function diskProblems(
  { containers, owner, imagesMb }: WantedOfComputer,
  { docker, disk }: FoundComputer,
): readonly ComputerProblem[] {
  const standing = ownResources(docker, owner, () => true);
  const made = containers.filter(({ name }) => !standing.has(name));
  const needed = sum(made, ({ diskMb }) => diskMb) + imagesMb;
  if (disk === undefined || disk.freeMb >= needed) return [];
  const takers = [
    ...(imagesMb > 0 ? ['the images that are to be built'] : []),
    ...(made.length > 0 ? [listed(made)] : []),
  ];
  return [
    {
      path: `disk of ${disk.folder}`,
      message: `${inMb(disk.freeMb)} are free, and ${takers.join(', ')} will use ${inMb(needed)}`,
      allowed: `${inMb(needed)} and more`,
      fix: "remove unused data (docker system df shows docker's), or remove another stack",
    },
  ];
}

function imageProblems(docker: FoundComputer['docker']): readonly ComputerProblem[] {
  if ('obstacle' in docker || docker.absentImages.length === 0) return [];
  return [
    {
      path: "docker's images",
      message: `${docker.absentImages.join(', ')} ${docker.absentImages.length === 1 ? 'is' : 'are'} missing`,
      fix: 'run npx berth local, which builds them',
    },
  ];
}

/** Returns the names of this stack's resources that docker has as containers */
function ownResources(
  docker: FoundComputer['docker'],
  owner: string,
  is: (container: FoundContainer) => boolean,
): ReadonlySet<string | undefined> {
  const own = containersOf(docker).filter((container) => container.owner === owner && is(container));
  return new Set(own.map(({ resource }) => resource));
}

const containersOf = (docker: FoundComputer['docker']): DockerEngine['containers'] =>
  'obstacle' in docker ? [] : docker.containers;

const listed = (containers: readonly ContainerOfComputer[]): string => containers.map(({ name }) => name).join(', ');

const sum = <T>(all: readonly T[], of: (one: T) => number): number => all.reduce((total, one) => total + of(one), 0);

const inMb = (megabytes: number): string => `${Math.floor(megabytes)} MB`;
