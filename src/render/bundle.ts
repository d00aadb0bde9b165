import { adoptedHost } from '../model/adopted.ts';
import { type Edge, edgeProbe, httpsPortOf, statusPattern } from '../model/edge.ts';
import { machineFact } from '../model/names.ts';
import { registryOf } from '../model/registries.ts';
import { baseFile, checkFile, coloursFile } from './compose.ts';
import { type Definition, definitions, ofContainers, ofProcesses } from './definition.ts';
import { edgeFiles } from './edge.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import { shortHash } from './hash.ts';
import { hasContainers, imageOf, type MachineInput } from './machine.ts';
import { ownCertificate } from './ownCertificate.ts';
import { bluePort, mountFolder } from './paths.ts';
import { manifest, placedFiles, root } from './placedFiles.ts';
import { processLogs } from './process.ts';
import { processEntries, processPackages } from './processEntries.ts';
import { proxyEntries } from './proxy.ts';
import { hostScripts } from './scripts.ts';
import { lines, table, unquoted } from './tables.ts';
import { edgeUser } from './traefik.ts';

/** Everything that a machine must have for one release */
export interface Bundle {
  system: string;
  /** Names the release: changes when anything in it changes; 16 hexadecimal digits */
  hash: string;
  /** Path in the release's folder → text; what `files/` holds is placed on the machine at the same path */
  entries: Readonly<Record<string, string>>;
}

/** The bundle of one machine; its facts and secrets are those that `machineNeeds` names */
export function bundle(input: MachineInput): Bundle {
  const services = definitions(input);
  const edge = input.role.edge && edgeFiles(input.role.edge, input);
  const placed = placedFiles(input, services, edge);
  const entries = {
    ...tables(input, services, edge),
    ...manifest(placed),
    ...composeFiles(input, services, edge),
    ...processEntries(input, ofProcesses(services)),
    ...hostScripts(input),
    ...proxyEntries(input),
    secrets: secretLines(input),
  };
  const hash = shortHash(JSON.stringify([entries, settings(input, '', edge)]), 16);
  // Logins are for a pull alone: another one is no other release
  const all = { ...entries, ...logins(input, services), 'release.env': settings(input, hash, edge) };
  return { system: input.blueprint.system, hash, entries: all };
}

const imagesOf = (input: MachineInput, services: readonly Definition[]): readonly string[] => [
  ...new Set([
    ...ofContainers(services).map(({ image }) => image),
    ...(input.role.edge?.image ? [imageOf(input, input.role.edge.image)] : []),
  ]),
];

/** For the registries of this machine's images alone */
function logins(input: MachineInput, services: readonly Definition[]): Record<string, string> {
  const registries = new Set(imagesOf(input, services).map(registryOf));
  const needed = Object.entries(input.logins).filter(([registry]) => registries.has(registry));
  if (needed.length === 0) return {};
  return {
    'logins.tsv': table(
      'registry user password',
      needed.map(([name, login]) => [name, login.user, login.password]),
    ),
  };
}

function tables(input: MachineInput, services: readonly Definition[], edge?: EdgeFiles): Record<string, string> {
  const system = input.blueprint.system;
  const owned = ofContainers(services).flatMap(({ service }) =>
    service.mounts.flatMap((mount) =>
      mount.kind !== 'host' && mount.owner ? [{ service, mount, path: mountFolder(system, mount) }] : [],
    ),
  );
  return {
    packages: lines(packages(input, edge)),
    images: lines(imagesOf(input, services)),
    ...(edge && edge.certificates.length > 0 && { certificates: lines(edge.certificates) }),
    'services.tsv': table(
      'service rollout definition blue green calls health deadline status memory',
      services.map(({ service, hash }) => {
        const blue = bluePort(service.name);
        const { path = '-', deadlineSeconds = 0, status } = service.health ?? {};
        const calls = service.calls.join(',') || '-';
        const health = [path, `${deadlineSeconds}`, statusPattern(status)];
        return [service.name, service.rollout, hash, `${blue}`, `${blue + 1}`, calls, ...health, `${service.memoryMb}`];
      }),
    ),
    'folders.tsv': table('mode owner path', [
      ...owned.map(({ mount, path }) => ['0750', mount.owner ?? root, path]),
      ...(edge?.folders ?? []),
      ...(ofProcesses(services).length > 0 ? [['0750', 'root:adm', processLogs(system)]] : []),
    ]),
    'release-folders.tsv': table(
      'service mode owner path',
      owned
        .filter(({ mount }) => mount.perRelease)
        .map(({ service, mount, path }) => [service.name, '0750', mount.owner ?? root, path]),
    ),
  };
}

function composeFiles(input: MachineInput, services: readonly Definition[], edge?: EdgeFiles): Record<string, string> {
  const system = input.blueprint.system;
  const of = (rollout: 'colours' | 'replace') => services.filter(({ service }) => service.rollout === rollout);
  return {
    ...(hasContainers(input) && {
      'colours.yaml': coloursFile(system, of('colours')),
      'base.yaml': baseFile(system, of('replace')),
      'check.yaml': checkFile(system, services),
    }),
    ...(edge?.compose !== undefined && { 'edge.yaml': edge.compose }),
    ...(edge && { [edge.routes.name]: edge.routes.text }),
  };
}

/** From a bare Debian, each once */
const packages = (input: MachineInput, edge?: EdgeFiles): readonly string[] => [
  ...new Set([
    ...['ca-certificates', 'curl'],
    ...(hasContainers(input) ? ['docker.io', 'docker-cli', 'docker-compose'] : []),
    ...['iproute2', 'logrotate', 'nftables'],
    ...(edge?.packages ?? []),
    ...processPackages(input),
    // Its disk may be new
    ...(volumeDevice(input) ? ['e2fsprogs'] : []),
  ]),
];

/** Line by line, for the filter that keeps them out of what is printed */
const secretLines = (input: MachineInput): string =>
  lines(
    [...Object.values(input.secrets), ...input.secretFacts.map((name) => input.facts[name] ?? '')].flatMap((value) =>
      value.split('\n'),
    ),
  );

function settings(input: MachineInput, hash: string, edge?: EdgeFiles): string {
  const { role, blueprint, machine } = input;
  const coloured = role.services.filter((service) => service.rollout === 'colours');
  const values = {
    SYSTEM: blueprint.system,
    VERSION: blueprint.version,
    RELEASE: hash,
    MINIMUM_FREE_MB: '500',
    MINIMUM_MEMORY_MB: `${Math.round(coloured.reduce((sum, service) => sum + service.memoryMb, 0) / 2)}`,
    DRAIN_SECONDS: `${role.edge?.drainSeconds ?? 0}`,
    EDGE_DEFINITION: edge?.hash ?? '',
    EDGE_USER: edge?.compose === undefined ? '' : edgeUser,
    EDGE_RESTART: input.restartEdge ? 'yes' : 'no',
    ...(role.edge ? whereAsked(role.edge, input) : noEdge),
    VOLUME_DEVICE: volumeDevice(input),
    ...(adoptedHost(role, machine.index) && { ADOPTED: 'yes' }),
  };
  return lines(Object.entries(values).map(([name, value]) => `${name}='${unquoted(value)}'`));
}

/** Of a machine that has none: its scripts name them all the same */
const noEdge = { EDGE_DOMAIN: 'localhost', EDGE_SCHEME: 'http', EDGE_PORT: '80', EDGE_PATH: '/', EDGE_STATUS: '' };

/** How the host asks its own edge, and which certificate of one's own that has: its folder stays while a release names it */
function whereAsked(edge: Edge, input: MachineInput): Record<string, string> {
  const { tls, routes } = edge;
  const https = httpsPortOf(tls) !== undefined;
  const own = ownCertificate(tls, input);
  const probe = edgeProbe(edge, input.role.services);
  return {
    ...(own && { EDGE_CERTIFICATE: own.hash }),
    EDGE_DOMAIN: routes[0]?.domain ?? 'localhost',
    EDGE_SCHEME: https ? 'https' : 'http',
    EDGE_PORT: https ? '443' : tls.kind === 'internal' ? `${tls.port}` : '80',
    EDGE_PATH: probe.path,
    EDGE_STATUS: probe.status,
  };
}

/** Where the data disk is to be found, as the fact says; empty without one, and where the cloud mounts it itself */
const volumeDevice = ({ facts, machine }: MachineInput): string =>
  facts[machineFact(machine.role, machine.index, 'volumeDevice')] ?? '';
