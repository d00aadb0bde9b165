import { readFile, statfs } from 'node:fs/promises';
import { release } from 'node:os';
import { z } from 'zod';
import { docker, dockerIfAny } from '../docker.ts';
import type { DockerEngine, FoundComputer, FoundContainer } from './found.ts';
import { takenPorts } from './ports.ts';
import type { WantedOfComputer } from './wanted.ts';

const timeoutSeconds = 15;

/**
 * Collects the state of this computer without changing anything
 * @param obstacle reason why docker can't be used, if that is already known
 */
export async function lookAtComputer(wanted: WantedOfComputer, obstacle?: string): Promise<FoundComputer> {
  const ports = wanted.containers.flatMap(({ publish }) => publish.map(({ hostPort }) => hostPort));
  const [taken, asked, available] = await Promise.all([
    takenPorts([...new Set(ports)]),
    obstacle === undefined ? askDocker(wanted) : { obstacle },
    availableMemory(),
  ]);
  if ('obstacle' in asked) return { docker: asked, taken, ...(available !== undefined && { memoryMb: available }) };
  const { engine, folder, isHere } = asked;
  const free = isHere ? await freeDisk(folder) : undefined;
  return {
    docker: engine,
    taken,
    ...(isHere && available !== undefined && { memoryMb: available }),
    ...(free !== undefined && { disk: { folder, freeMb: free } }),
  };
}

const versionAnswer = z.object({
  Version: z.string(),
  ApiVersion: z.string(),
  Os: z.string(),
  KernelVersion: z.string(),
});
const infoAnswer = z.object({ DockerRootDir: z.string(), CpuCfsQuota: z.boolean().default(true) });
const containersAnswer = z.array(
  z.object({
    Names: z.array(z.string()).min(1),
    State: z.string(),
    Labels: z.record(z.string(), z.string()).nullish(),
    Ports: z.array(z.object({ IP: z.string().optional(), PublicPort: z.number().optional() })).nullish(),
  }),
);

/** Queries docker. `isHere`: docker runs on this computer's kernel, so that memory and disk are this computer's. */
async function askDocker(
  wanted: WantedOfComputer,
): Promise<{ engine: DockerEngine; folder: string; isHere: boolean } | { obstacle: string }> {
  try {
    const ask = async (path: string) => JSON.parse(await docker('GET', path, { timeoutSeconds }));
    const [version, info, containers, absentImages] = await Promise.all([
      ask('/version').then((answer) => versionAnswer.parse(answer)),
      ask('/info').then((answer) => infoAnswer.parse(answer)),
      ask('/containers/json?all=1').then((answer) => containersAnswer.parse(answer)),
      absentOf(wanted.images),
    ]);
    return {
      engine: {
        ...{ version: version.Version, apiVersion: version.ApiVersion, os: version.Os },
        ...{ limitsCpus: info.CpuCfsQuota, containers: containers.map(foundContainer), absentImages },
      },
      folder: info.DockerRootDir,
      isHere: version.KernelVersion === release(),
    };
  } catch (error) {
    return { obstacle: error instanceof Error ? error.message : String(error) };
  }
}

async function absentOf(images: readonly string[]): Promise<readonly string[]> {
  const found = await Promise.all(
    [...new Set(images)].map(async (image) =>
      (await dockerIfAny('GET', `/images/${image}/json`, { timeoutSeconds })) === undefined ? [image] : [],
    ),
  );
  return found.flat();
}

function foundContainer({
  Names: [name = ''],
  State,
  Labels,
  Ports,
}: z.infer<typeof containersAnswer>[number]): FoundContainer {
  const owner = Labels?.['berth.stack'];
  const resource = Labels?.['berth.urn']?.split('::').at(-1);
  const shown = (Ports ?? []).filter(({ IP }) => IP === '127.0.0.1' || IP === '0.0.0.0');
  return {
    name: name.replace(/^\//, ''),
    ...(owner !== undefined && { owner }),
    ...(resource !== undefined && { resource }),
    runs: State === 'running',
    ports: shown.flatMap(({ PublicPort }) => PublicPort ?? []),
  };
}

/**
 * Returns the kernel's estimate of memory that is available without swapping, in MB; `undefined` if the system is not
 * Linux
 */
async function availableMemory(): Promise<number | undefined> {
  const text = await readFile('/proc/meminfo', 'utf8').catch(() => '');
  const kilobytes = /^MemAvailable:\s*(\d+) kB$/m.exec(text)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1024;
}

/** Returns free disk space for unprivileged users, in MB; root, and so docker, may have a little more */
async function freeDisk(folder: string): Promise<number | undefined> {
  const { bavail, bsize } = await statfs(folder).catch(() => ({ bavail: undefined, bsize: 0 }));
  return bavail === undefined ? undefined : (bavail * bsize) / 1024 ** 2;
}
