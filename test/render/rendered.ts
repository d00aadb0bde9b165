import { systems } from 'berth:systems';
import { readFileSync } from 'node:fs';
import { clouds } from '../../src/clouds/registry.ts';
import { readEnvironmentFile } from '../../src/config/file.ts';
import { loadEnvironment } from '../../src/config/load.ts';
import { containerRange } from '../../src/model/containerRange.ts';
import type { Environment } from '../../src/model/environment.ts';
import { blueprintsOf } from '../../src/model/inPlace.ts';
import { machinesOf } from '../../src/model/machines.ts';
import { hostName, machineName } from '../../src/model/names.ts';
import type { Facts } from '../../src/model/value.ts';
import { authorityRoots } from '../../src/render/authorityRoots.ts';
import { type Bundle, bundle } from '../../src/render/bundle.ts';
import { cloudInit } from '../../src/render/cloudInit.ts';
import type { MachineInput } from '../../src/render/machine.ts';
import { machineNeeds } from '../../src/render/needs.ts';

/** The environments of this project */
export const stacks = ['local', 'preprod', 'prod'] as const;
export type Stack = (typeof stacks)[number];

const project = new URL('../../', import.meta.url).pathname;
const deployKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f deploy';
const localAuthority = readFileSync(new URL('./authority.pem', import.meta.url), 'utf8');

export interface RenderedMachine {
  name: string;
  input: MachineInput;
  bundle: Bundle;
  userData: string;
}

/**
 * A stack's environment, as a deployment reads it, without its secrets
 * @param own further options of its systems. @default none
 */
export function environmentOf(stack: Stack, own: Readonly<Record<string, object>> = {}): Environment {
  const read = readEnvironmentFile(`${project}Pulumi.${stack}.yaml`, stack);
  const declared = Object.entries(read.config['berth:systems'] as Record<string, object>);
  const entries = Object.fromEntries(declared.map(([name, entry]) => [name, { ...entry, ...own[name] }]));
  const config = { ...read.config, 'berth:systems': entries };
  return loadEnvironment({ ...read, config }, systems, clouds, { secrets: 'names' });
}

/**
 * Every machine of a stack with facts that are always the same; the local cloud has a certificate authority of its own
 * @param system only of this one. @default all
 * @param own further options of that one. @default none
 */
export function renderedMachines(stack: Stack, system?: string, own: object = {}): readonly RenderedMachine[] {
  const environment = environmentOf(stack, system === undefined ? {} : { [system]: own });
  const blueprints = blueprintsOf(environment, systems, clouds);
  return blueprints
    .filter((blueprint) => system === undefined || blueprint.system === system)
    .flatMap((blueprint) =>
      machinesOf(blueprint).map(({ machine, role }) => {
        const needs = machineNeeds(blueprint, role, machine);
        const input: MachineInput = {
          blueprint,
          role,
          machine,
          facts: factsOf(needs.refs, environment),
          secrets: Object.fromEntries(needs.secrets.map((name) => [name, `secret-${name}`])),
          secretFacts: needs.refs.filter(isSecret),
          operators: environment.operators,
          deployKey,
          user: 'berth',
          images: {},
          plainRegistries: stack === 'local' ? ['registry.example:5000'] : [],
          logins: {},
          containerRange: containerRange(environment),
          restartEdge: false,
        };
        return { name: machineName(machine), input, bundle: bundle(input), userData: userDataOf(environment, machine) };
      }),
    );
}

const isSecret = (reference: string): boolean => /\.(accessKey|secretKey|password|token)$/.test(reference);

function factsOf(references: readonly string[], { name, authority }: Environment): Facts {
  const own = name === 'local' ? localAuthority : '';
  const given: Facts = {
    'acme.directory': 'https://acme.example/directory',
    'acme.authority': own,
    'acme.roots': own || authorityRoots(authority),
    'buckets.uploads.endpoint': 'https://s3.example',
    'logStreams.app.opensearch': 'true',
    'logStreams.app.kafka': 'false',
    'logStreams.app.scheme': 'https',
    'logStreams.app.host': 'logs.example',
    'logStreams.app.port': '9200',
  };
  const made = (name: string, index: number): string => {
    if (/Address$|\.host$/.test(name)) return `192.0.2.${10 + index}`;
    if (name.endsWith('.networks')) return '198.51.100.128/26,198.51.100.192/26';
    if (name.endsWith('.volumeDevice')) return '/dev/disk/by-id/data';
    return isSecret(name) ? `secret-${name}` : `${name.replaceAll('.', '-')}-value`;
  };
  return Object.fromEntries(references.map((name, index) => [name, given[name] ?? made(name, index)]));
}

function userDataOf(environment: Environment, machine: MachineInput['machine']): string {
  const begin = '-----BEGIN OPENSSH PRIVATE KEY-----';
  const hostKey = {
    privateKey: `${begin}\nthe host's private key\n${begin.replace('BEGIN', 'END')}\n`,
    publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIAABAgMEBQYHCAkKCwwNDg8QERITFBUWFxgZGhscHR4f host',
  };
  return cloudInit({ user: 'berth', hostName: hostName(environment.name, machine), deployKey, hostKey });
}

/** The configuration of one service by the files' names */
export function configOf({ input, bundle }: RenderedMachine, service: string): Record<string, string> {
  const prefix = `files/etc/berth/${input.blueprint.system}/${service}/`;
  const files = Object.entries(bundle.entries).filter(([path]) => path.startsWith(prefix));
  return Object.fromEntries(files.map(([path, content]) => [path.replace(/.*\//, ''), content]));
}

/** The same files with one mistake */
export function spoil(
  files: Record<string, string>,
  name: string,
  right: string,
  wrong: string,
): Record<string, string> {
  const text = files[name] ?? '';
  if (!text.includes(right)) throw new Error(`${name} has no ${right}`);
  return { ...files, [name]: text.replace(right, wrong) };
}
