import { adoptedHost } from '../model/adopted.ts';
import { type Edge, edgeProbe, httpsPortOf, statusPattern } from '../model/edge.ts';
import { figuresFolder } from '../model/job.ts';
import { machineFact } from '../model/names.ts';
import { runtimesOf } from '../model/runtimes.ts';
import type { Source } from '../model/service.ts';
import { type Definition, ofContainers, ofProcesses, ofPrograms, type StepDefinition } from './definition.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import { holdsAddress } from './failover.ts';
import { shortHash } from './hash.ts';
import { type JobDefinition, releaseJob } from './jobs.ts';
import { hasContainers, imageOf, type MachineInput } from './machine.ts';
import { bluePort, mountFolder } from './paths.ts';
import { type PlacedFile, root } from './placedFiles.ts';
import { builderOf, processLogs } from './process.ts';
import { processPackages } from './processEntries.ts';
import {
  type Folder,
  format,
  type Release,
  type ReleaseEdge,
  type ReleaseFile,
  type ReleaseService,
} from './releaseFormat.ts';
import { edgeUser } from './traefik.ts';

type AnyDefinition = Definition | StepDefinition;

interface Declared {
  services: readonly Definition[];
  jobs: readonly JobDefinition[];
  /** Services and steps of jobs */
  all: readonly AnyDefinition[];
}

/** Returns the release of one machine, without its name */
export function releaseOf(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'machine' | 'restartEdge' | 'role'>,
  { services, jobs, all }: Declared,
  placed: readonly PlacedFile[],
  edge?: EdgeFiles,
): Release {
  const { blueprint, role, machine } = input;
  return {
    format,
    ...{ system: blueprint.system, version: blueprint.version, name: '' },
    adopted: adoptedHost(role, machine.index) !== undefined,
    minimumFreeMb: 500,
    drainSeconds: role.edge?.drainSeconds ?? 0,
    volumeDevices: volumeDevices(input),
    ...(role.volume && volumeDevices(input).length > 0 && { volumeGb: role.volume.sizeGb }),
    packages: packagesOf(input, edge),
    images: imagesOf(input, all),
    units: units(input, placed),
    bootUnits: bootUnits.filter((name) => placed.some(({ path }) => path === `/etc/systemd/system/${name}`)),
    services: services.map((definition) => service(blueprint.system, definition)),
    jobs: jobs.map(releaseJob),
    files: placed.map(file),
    folders: folders(input, all, edge),
    builds: builds(input, all),
    ...(edge && role.edge && { edge: releaseEdge(role.edge, edge, input) }),
  };
}

export const imagesOf = (
  input: Pick<MachineInput, 'images' | 'role'>,
  all: readonly AnyDefinition[],
): readonly string[] => [
  ...new Set([
    ...ofContainers(all).map(({ image }) => image),
    ...(input.role.edge?.image ? [imageOf(input, input.role.edge.image)] : []),
  ]),
];

/** Returns the Debian packages to install on a bare Debian, without duplicates */
export const packagesOf = (
  input: Pick<MachineInput, 'facts' | 'machine' | 'role'>,
  edge?: EdgeFiles,
): readonly string[] => [
  ...new Set([
    ...['ca-certificates', 'curl'],
    ...(hasContainers(input) ? ['docker.io', 'docker-cli', 'docker-compose'] : []),
    ...['iproute2', 'logrotate', 'nftables'],
    ...(edge?.packages ?? []),
    ...(holdsAddress(input.role) ? ['keepalived'] : []),
    ...processPackages(input),
    // A new data disk must be formatted
    ...(volumeDevices(input).length > 0 ? ['e2fsprogs'] : []),
  ]),
];

/** Units that restore the firewall at boot */
const bootUnits = ['berth-firewall.service', 'berth-bridges.service'];

function units(input: Pick<MachineInput, 'role'>, placed: readonly PlacedFile[]): readonly string[] {
  const { edge, services } = input.role;
  const timers = placed.map(({ path }) => /^\/etc\/systemd\/system\/(berth-[^/]*\.timer)$/.exec(path)?.[1]);
  return [
    ...['ssh.service', 'berth-firewall.service'],
    ...(hasContainers(input) ? ['docker.service'] : []),
    ...(edge?.kind === 'nginx' ? ['nginx.service'] : []),
    ...(holdsAddress(input.role) ? ['keepalived.service'] : []),
    ...timers.filter((name) => name !== undefined),
    ...(services.some(({ kind }) => kind === 'process') ? ['supervisor.service'] : []),
    ...(edge ? ['logrotate.timer'] : []),
  ];
}

function service(system: string, definition: Definition): ReleaseService {
  const { service: declared, hash } = definition;
  const { name, rollout, calls, memoryMb } = declared;
  const blue = bluePort(name);
  const { path, deadlineSeconds = 0, status } = declared.health ?? {};
  const [process] = ofProcesses([definition]).map(({ spec: { user, build }, service: { stopSeconds } }) => ({
    ...{ user, build, stopSeconds },
  }));
  return {
    ...{ name, rollout, definition: hash, blue, green: blue + 1, calls, deadlineSeconds, memoryMb },
    logFolders: ownedMounts(system, definition)
      .filter(({ perRelease }) => perRelease)
      .map(({ folder }) => folder),
    ...(path !== undefined && { health: { path, deadlineSeconds, status: statusPattern(status) } }),
    ...(process && { process }),
  };
}

const ownedMounts = (system: string, definition: AnyDefinition) =>
  ofContainers([definition]).flatMap(({ service: { mounts } }) =>
    mounts.flatMap((mount) =>
      mount.kind !== 'host' && mount.owner
        ? [
            {
              perRelease: mount.perRelease,
              folder: { path: mountFolder(system, mount), mode: '0750', owner: mount.owner },
            },
          ]
        : [],
    ),
  );

const file = ({ path, kind, mode, owner = root, content, check, activate }: PlacedFile): ReleaseFile => ({
  ...{ path, kind, mode, owner, sha256: shortHash(content, 64) },
  ...(check && { check }),
  ...(activate && { activate }),
});

function folders(
  input: Pick<MachineInput, 'blueprint'>,
  all: readonly AnyDefinition[],
  edge?: EdgeFiles,
): readonly Folder[] {
  const { system } = input.blueprint;
  const watched = ofContainers(all).some(({ service }) => service.mounts.some(({ kind }) => kind === 'host'));
  const logs = ofProcesses(all).length > 0 ? [{ path: processLogs(system), mode: '0750', owner: 'root:adm' }] : [];
  return [
    ...all.flatMap((definition) => ownedMounts(system, definition).map(({ folder }) => folder)),
    // The node exporter looks there, also where no job has run yet
    ...(watched ? [{ path: figuresFolder, mode: '0755', owner: 'root:root' }] : []),
    ...(edge?.folders ?? []).map(([mode, owner, path]) => ({ path, mode, owner })),
    ...logs,
  ];
}

/** Builds without duplicates: several programs may share one */
function builds({ blueprint }: Pick<MachineInput, 'blueprint'>, all: readonly AnyDefinition[]): Release['builds'] {
  const sources = new Map<string, Source>(ofPrograms(all).map((one) => [one.spec.build, one.service.source]));
  const user = builderOf(blueprint.system);
  return [...sources].map(([name, { repository, revision, runtimes }]) => ({
    ...{ name, repository, revision, user },
    ...(runtimes && { runtimes: runtimesOf(runtimes) }),
  }));
}

function releaseEdge(edge: Edge, files: EdgeFiles, input: Pick<MachineInput, 'restartEdge' | 'role'>): ReleaseEdge {
  const { tls, routes, kind } = edge;
  const https = httpsPortOf(tls) !== undefined;
  const probe = edgeProbe(edge, input.role.services);
  return {
    ...{ kind, definition: files.hash, user: files.compose === undefined ? '' : edgeUser, restart: input.restartEdge },
    routes: files.routes.name,
    domain: routes[0]?.domain ?? 'localhost',
    scheme: https ? 'https' : 'http',
    port: https ? 443 : tls.kind === 'internal' ? tls.port : 80,
    ...{ path: probe.path, status: probe.status, certificates: files.certificates },
  };
}

/** Candidate device paths of the data disk; empty without a disk and where the cloud mounts it itself */
const volumeDevices = ({ facts, machine }: Pick<MachineInput, 'facts' | 'machine'>): readonly string[] =>
  (facts[machineFact(machine.role, machine.index, 'volumeDevice')] ?? '').split(' ').filter((name) => name !== '');
