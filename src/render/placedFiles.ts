import { type Definition, ofContainers, ofPrograms, type StepDefinition } from './definition.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import { type HostFile, hostFiles } from './hostFiles.ts';
import type { MachineInput } from './machine.ts';
import { configFolder } from './paths.ts';
import { edgeUser } from './traefik.ts';

/** `uid:gid` */
export const root = '0:0';

export interface PlacedFile extends HostFile {
  /** `release` files are in folders of their own, which no program reads while they are written */
  kind: 'host' | 'release';
  /** `uid:gid`. @default root */
  owner?: string;
}

/** Returns all files that a release places on its machine */
export function placedFiles(
  input: MachineInput,
  services: readonly (Definition | StepDefinition)[],
  edge?: EdgeFiles,
): readonly PlacedFile[] {
  const system = input.blueprint.system;
  const hashes = Object.fromEntries(services.map(({ service, hash }) => [service.name, hash]));
  const ofServices = ofContainers(services).flatMap(({ service, hash, config }) =>
    Object.entries(config).map(([name, content]) => ({
      path: `${configFolder(system, service.name)}/${hash}/${name}`,
      content,
    })),
  );
  const secretFiles = ofContainers(services).flatMap((definition) =>
    Object.entries(definition.secretFiles).map(([name, content]) => ({
      path: `${configFolder(system, definition.service.name)}/${definition.hash}/${name}`,
      content,
      owner: definition.service.user,
    })),
  );
  const starts = ofPrograms(services).flatMap(({ service, hash, spec }) =>
    Object.entries({ start: spec.start, ...spec.secretFiles }).map(([name, content]) => ({
      path: `${configFolder(system, service.name)}/${hash}/${name}`,
      content,
    })),
  );
  const ofEdge = Object.entries(edge?.start ?? {}).map(([path, content]) => ({ path, content }));
  return [
    ...[...hostFiles(input, hashes), ...(edge?.host ?? [])].map((file) => ({ ...file, kind: 'host' as const })),
    ...[...ofServices, ...ofEdge].map((file) => ({ ...file, mode: '0644', kind: 'release' as const })),
    ...secretFiles.map((file) => ({ ...file, mode: '0400', kind: 'release' as const })),
    ...Object.entries(edge?.closed ?? {}).map(([path, content]) => ({
      ...{ path, content, mode: '0600', kind: 'release' as const },
      owner: edge?.compose === undefined ? root : edgeUser,
    })),
    ...starts.map((file) => ({ ...file, mode: '0600', kind: 'release' as const })),
  ];
}
