import { ownAddress } from '../model/facts.ts';
import { machineFact } from '../model/names.ts';
import { registryOf } from '../model/registries.ts';
import type { Facts } from '../model/value.ts';
import { baseFile, checkFile, coloursFile } from './compose.ts';
import { type Definition, definitions, ofContainers, type StepDefinition } from './definition.ts';
import { edgeFiles } from './edge.ts';
import type { EdgeFiles } from './edgeFiles.ts';
import { hostEngine } from './engine.ts';
import { shortHash } from './hash.ts';
import { jobDefinitions, jobsFile } from './jobs.ts';
import { hasContainers, type MachineInput, type RegistryLogin } from './machine.ts';
import { placedFiles } from './placedFiles.ts';
import { processEntries } from './processEntries.ts';
import { proxyEntries } from './proxy.ts';
import { imagesOf, releaseOf } from './release.ts';

/** All files of a machine for one release */
export interface Bundle {
  system: string;
  /** Name of the release: a hash of all entries, 16 hexadecimal digits */
  hash: string;
  /** Text by path in the release's folder; entries under `files/` are placed on the machine at the same path */
  entries: Readonly<Record<string, string>>;
}

/** Returns the bundle of one machine; needs the facts and secrets that `machineNeeds` names */
export function bundle(given: MachineInput): Bundle {
  const input = { ...given, facts: { ...given.facts, ...ownFacts(given) } };
  const services = definitions(input);
  const jobs = jobDefinitions(input);
  const all = [...services, ...jobs.flatMap(({ steps }) => steps)];
  const edge = input.role.edge && edgeFiles(input.role.edge, input);
  const placed = placedFiles(input, all, edge);
  const release = releaseOf(input, { services, jobs, all }, placed, edge);
  const entries = {
    ...Object.fromEntries(placed.map((file) => [`files${file.path}`, file.content])),
    ...composeFiles(input, services, edge),
    ...(jobs.some(({ steps }) => ofContainers(steps).length > 0) && {
      'jobs.yaml': jobsFile(input.blueprint.system, jobs, services),
    }),
    ...processEntries(input, all),
    ...hostEngine(),
    ...proxyEntries(input),
    'secrets.json': json(secretLines(input)),
  };
  const hash = shortHash(JSON.stringify([entries, release]), 16);
  // Logins are used only to pull images, so a changed login does not change the release
  const own = { ...logins(input, all), 'release.json': json({ ...release, name: hash }) };
  return { system: input.blueprint.system, hash, entries: { ...entries, ...own } };
}

/** Facts that each machine has under the same names */
function ownFacts({ facts, machine }: Pick<MachineInput, 'facts' | 'machine'>): Facts {
  const own = facts[machineFact(machine.role, machine.index, 'privateAddress')];
  return own === undefined ? {} : { [ownAddress]: own };
}

const json = (value: unknown): string => `${JSON.stringify(value, null, 2)}\n`;

/** Logins for the registries of this machine's images only */
function logins(
  input: Pick<MachineInput, 'images' | 'logins' | 'role'>,
  all: readonly (Definition | StepDefinition)[],
): Record<string, string> {
  const registries = new Set(imagesOf(input, all).map(registryOf));
  const needed: [string, RegistryLogin][] = Object.entries(input.logins).filter(([registry]) =>
    registries.has(registry),
  );
  if (needed.length === 0) return {};
  return { 'logins.json': json(Object.fromEntries(needed)) };
}

function composeFiles(
  input: Pick<MachineInput, 'blueprint' | 'role'>,
  services: readonly Definition[],
  edge?: EdgeFiles,
): Record<string, string> {
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

/** All secrets as single lines, which the engine removes from its output */
const secretLines = (input: Pick<MachineInput, 'facts' | 'secretFacts' | 'secrets'>): readonly string[] =>
  [...Object.values(input.secrets), ...input.secretFacts.map((name) => input.facts[name] ?? '')].flatMap((value) =>
    value.split('\n'),
  );
