import { type ContainerSpec, literal } from './container.ts';
import { type ContainerDefinition, type Definition, ofContainers } from './definition.ts';
import { bluePort, variable } from './paths.ts';
import { yaml } from './yaml.ts';

/**
 * The compose file of the services with two colours. Which colour, port and release folder each has is decided on the
 * host and given as variables (`BACKEND_PORT`); a service's network is one for each colour of it, joined by its callers.
 * What cannot run twice is called on the network that all such services share.
 */
export function coloursFile(system: string, all: readonly Definition[]): string {
  const definitions = ofContainers(all);
  const coloured = new Set(definitions.map(({ service }) => service.name));
  const own = definitions.map(({ service: { name } }) => [name, colourNetwork(system, name)]);
  const callsBase = definitions.some(({ service }) => service.calls.some((name) => !coloured.has(name)));
  const networks = { ...Object.fromEntries(own), ...(callsBase && { base: baseNetwork(system) }) };
  const services = definitions.map((definition) => {
    const { service } = definition;
    const joined = Object.fromEntries(service.calls.map((name) => [coloured.has(name) ? name : 'base', {}]));
    const ports = service.port ? [`127.0.0.1:\${${variable(service.name, 'PORT')}}:${service.port}`] : [];
    return [
      service.name,
      { ...labelled(system, definition), ports, networks: { [service.name]: { aliases: [service.name] }, ...joined } },
    ];
  });
  return yaml({ services: Object.fromEntries(services), networks });
}

/** The network of a service with two colours, in the one that is given */
export const colourNetwork = (system: string, service: string) => ({
  name: `${system}-${service}-\${${variable(service, 'COLOUR')}}`,
  external: true,
});

/** The compose file of what cannot run twice: databases, shippers, exporters */
export function baseFile(system: string, definitions: readonly Definition[]): string {
  const services = ofContainers(definitions).map((definition) => {
    const { name, port, exposed } = definition.service;
    const ports = port
      ? [`127.0.0.1:${bluePort(name)}:${port}`, ...(exposed ? [`0.0.0.0:${exposed}:${port}`] : [])]
      : [];
    return [name, { ...labelled(system, definition), ...(port && { ports }) }];
  });
  return yaml({ services: Object.fromEntries(services), networks: { default: baseNetwork(system) } });
}

/** The network that all services share which can't run twice */
export const baseNetwork = (system: string) => ({ name: `${system}-base`, external: true });

/** The compose file by which each program reads its own configuration: no network, no data, it runs once */
export function checkFile(system: string, definitions: readonly Definition[]): string {
  const services = ofContainers(definitions).flatMap((definition) => {
    if (!definition.service.check) return [];
    const { restart: _, environment, volumes, healthcheck: __, ...rest } = labelled(system, definition);
    const configs = definition.service.config ? volumes.slice(0, 1) : [];
    const { check, checker } = definition.service;
    const program = { ...(checker && { entrypoint: [checker] }), command: check.map(literal) };
    return [
      [definition.service.name, { ...rest, ...program, environment, volumes: configs, network_mode: 'none' }] as const,
    ];
  });
  return yaml({ services: Object.fromEntries(services) });
}

/** A service as compose takes it; the label says later which definition a container was made from */
export const labelled = (
  system: string,
  { service, spec, hash }: ContainerDefinition,
): ContainerSpec & { labels: object } => ({
  ...spec,
  labels: { 'berth.system': system, 'berth.service': service.name, 'berth.definition': hash },
});
