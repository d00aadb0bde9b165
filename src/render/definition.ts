import { join } from 'node:path';
import {
  type ConfigFile,
  type Container,
  isContainer,
  type Process,
  type Service,
  variablesOf,
} from '../model/service.ts';
import { resolve, resolveAll } from '../model/value.ts';
import { type ContainerSpec, containerSpec, secretFileName } from './container.ts';
import { shortHash } from './hash.ts';
import { imageOf, type MachineInput } from './machine.ts';
import { type ProcessSpec, type Program, type ProgramSpec, processSpec, programSpec } from './process.ts';
import { templateText } from './template.ts';
import { yaml } from './yaml.ts';

/** A service with all values resolved; releases compare services by its hash */
export type Definition = ContainerDefinition | ProcessDefinition;

/** A step of a job with all values resolved */
export type StepDefinition = ContainerDefinition | ProgramDefinition;

export interface ContainerDefinition {
  service: Container;
  image: string;
  spec: ContainerSpec;
  /** Text of configuration files by file name */
  config: Readonly<Record<string, string>>;
  /** Text of secret files by file name, beside the configuration on the host; only the service's user can read them */
  secretFiles: Readonly<Record<string, string>>;
  /** Hash of everything that is rendered for the service and for the services that it calls; 12 hexadecimal digits */
  hash: string;
}

export interface ProcessDefinition {
  service: Process;
  spec: ProcessSpec;
  /** As `ContainerDefinition.hash` */
  hash: string;
}

export interface ProgramDefinition {
  service: Program;
  spec: ProgramSpec;
  /** As `ContainerDefinition.hash` */
  hash: string;
}

type Any = Definition | StepDefinition;

export const ofContainers = (all: readonly Any[]): readonly ContainerDefinition[] =>
  all.filter((definition): definition is ContainerDefinition => definition.service.kind === 'container');

export const ofProcesses = (all: readonly Any[]): readonly ProcessDefinition[] =>
  all.filter((definition): definition is ProcessDefinition => definition.service.kind === 'process');

/** Returns what runs from a commit: processes and steps of jobs */
export const ofPrograms = (all: readonly Any[]): readonly (ProcessDefinition | ProgramDefinition)[] =>
  all.filter(
    (definition): definition is ProcessDefinition | ProgramDefinition => definition.service.kind !== 'container',
  );

/**
 * Returns the services of a machine in start order: a service comes after those that it calls
 * @throws on a call to an unknown service, and on services that call each other in a circle
 */
export function definitions(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'role' | 'secrets'>,
): readonly Definition[] {
  const byName = new Map(input.role.services.map((service) => [service.name, service]));
  const done = new Map<string, Definition>();
  const visit = (service: Service, path: readonly string[]): Definition => {
    const known = done.get(service.name);
    if (known) return known;
    if (path.includes(service.name))
      throw new Error(`services call each other in a circle: ${[...path, service.name].join(' → ')}`);
    const called = service.calls.map((name) => {
      const target = byName.get(name);
      if (!target)
        throw new Error(`service ${service.name} calls ${name}; its machine has ${[...byName.keys()].join(', ')}`);
      return visit(target, [...path, service.name]);
    });
    const definition = isContainer(service)
      ? defineContainer(input, service, called)
      : defineProcess(input, service, called);
    done.set(service.name, definition);
    return definition;
  };
  for (const service of input.role.services) visit(service, []);
  return [...done.values()];
}

/** @param called services that it calls; their hashes are part of its own */
export function defineContainer(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'images' | 'secrets'>,
  service: Container,
  called: readonly Definition[],
): ContainerDefinition {
  const env = Object.fromEntries(
    Object.entries(variablesOf(service)).map(([name, value]) => [name, resolve(value, input.facts, input.secrets)]),
  );
  const config = Object.fromEntries(
    Object.entries(service.config?.files ?? {}).map(([name, file]) => [name, configText(file, input)]),
  );
  const secretFiles = Object.fromEntries(
    Object.entries(service.secretFiles ?? {}).map(([path, value]) => [
      secretFileName(path),
      resolve(value, input.facts, input.secrets),
    ]),
  );
  const image = imageOf(input, service.image);
  const spec = containerSpec(input.blueprint.system, service, image, env);
  const hash = shortHash(
    JSON.stringify([described(service), compared(spec), config, secretFiles, called.map((other) => other.hash)]),
  );
  return { service, image, spec, config, secretFiles, hash };
}

/**
 * Returns a service as its hash sees it, which must not change while its containers run: variables in one block, whoever
 * sets them, and templates without the place of this checkout
 */
function described(service: Service | Program): unknown {
  const whole = { ...service, env: variablesOf(service), settings: undefined };
  if (whole.kind !== 'container' || !whole.config) return whole;
  const files = Object.entries(whole.config.files).map(([name, file]) => [name, { ...file, folder: undefined }]);
  return { ...whole, config: { ...whole.config, files: Object.fromEntries(files) } };
}

/**
 * Returns a container as its hash sees it, in which health is looked at every ten seconds, as it once was: no container is
 * replaced because it is looked at less often
 */
const compared = ({ healthcheck, ...spec }: ContainerSpec): ContainerSpec =>
  healthcheck ? { ...spec, healthcheck: { ...healthcheck, interval: '10s' } } : spec;

function defineProcess(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
  service: Process,
  called: readonly Definition[],
): ProcessDefinition {
  const spec = processSpec(input, service);
  return {
    service,
    spec,
    hash: shortHash(JSON.stringify([described(service), spec, called.map((other) => other.hash)])),
  };
}

export function defineProgram(
  input: Pick<MachineInput, 'blueprint' | 'facts' | 'secrets'>,
  service: Program,
): ProgramDefinition {
  const spec = programSpec(input, service);
  return { service, spec, hash: shortHash(JSON.stringify([described(service), spec])) };
}

/**
 * Returns the text of a configuration file. It may contain no secret, because other users can read the file; services
 * get secrets in their environment.
 */
export function configText(file: ConfigFile, { facts }: Pick<MachineInput, 'facts'>): string {
  if ('yaml' in file) return yaml(resolveAll(file.yaml, facts, {}));
  if ('text' in file) return resolve(file.text, facts, {});
  const values = Object.entries(file.values).map(([name, value]) => [name, resolve(value, facts, {})]);
  const { template, folder } = file;
  return templateText(folder === undefined ? template : join(folder, template), Object.fromEntries(values));
}
