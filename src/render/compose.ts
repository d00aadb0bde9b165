import { type ContainerSpec, dataVolumes, literal } from './container.ts';
import { type ContainerDefinition, type Definition, ofContainers } from './definition.ts';
import { bluePort, variable } from './paths.ts';
import { yaml } from './yaml.ts';

/**
 * Returns the compose file of services with two colours. The host decides the colour, port and release folder of each
 * and passes them as variables (`BACKEND_PORT`). Each service has one network per colour, which its callers join.
 * Services that cannot run twice are reached on the network that they share.
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

/** Network of a service with two colours, for the colour that the host selects */
export const colourNetwork = (system: string, service: string) => ({
  name: `${system}-${service}-\${${variable(service, 'COLOUR')}}`,
  external: true,
});

/** Returns the compose file of services that cannot run twice, for example databases, log shippers and exporters */
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

/** Network shared by all services that cannot run twice */
export const baseNetwork = (system: string) => ({ name: `${system}-base`, external: true });

/**
 * Returns the compose file in which each program validates its configuration: it runs once, without network and data
 */
export function checkFile(system: string, definitions: readonly Definition[]): string {
  const services = ofContainers(definitions).flatMap((definition) => {
    if (!definition.service.check) return [];
    const { restart: _, environment, volumes, healthcheck: __, ...rest } = labelled(system, definition);
    const configs = definition.service.config ? volumes.slice(0, 1) : [];
    const { check, checker, checksData } = definition.service;
    const data = checksData ? dataVolumes(system, definition.service) : [];
    const program = { ...(checker && { entrypoint: [checker] }), command: check.map(literal) };
    return [
      [
        definition.service.name,
        { ...rest, ...program, environment, volumes: [...configs, ...data], network_mode: 'none' },
      ] as const,
    ];
  });
  return yaml({ services: Object.fromEntries(services) });
}

/** Returns a compose service with labels; `berth.definition` names the definition from which a container was created */
export const labelled = (
  system: string,
  { service, spec, hash }: ContainerDefinition,
): ContainerSpec & { labels: object } => ({
  ...spec,
  labels: { 'berth.system': system, 'berth.service': service.name, 'berth.definition': hash },
});
