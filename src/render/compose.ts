import { Scalar, stringify } from 'yaml';
import type { Container, Mount } from '../model/blueprint.ts';
import type { Definition } from './definition.ts';
import { configFolder, mountFolder, variable } from './paths.ts';

/**
 * The compose file of the services with two colours. Which colour, port and release folder each has is decided on the
 * host and given as variables (`BACKEND_PORT`); a service's network is one for each colour of it, joined by its callers.
 */
export function coloursFile(system: string, definitions: readonly Definition[]): string {
  const networks = Object.fromEntries(
    definitions.map(({ service }) => [
      service.name,
      { name: `${system}-${service.name}-\${${variable(service.name, 'COLOUR')}}`, external: true },
    ]),
  );
  const services = definitions.map((definition) => {
    const { service } = definition;
    const joined = Object.fromEntries(service.calls.map((name) => [name, {}]));
    const ports = service.port ? [`127.0.0.1:\${${variable(service.name, 'PORT')}}:${service.port}`] : [];
    return [
      service.name,
      { ...container(system, definition), ports, networks: { [service.name]: { aliases: [service.name] }, ...joined } },
    ];
  });
  return yaml({ services: Object.fromEntries(services), networks });
}

/** The compose file of what cannot run twice: shippers, exporters */
export function baseFile(system: string, definitions: readonly Definition[]): string {
  const services = definitions.map((definition) => [definition.service.name, container(system, definition)]);
  return yaml({ services: Object.fromEntries(services) });
}

/** The compose file by which each program reads its own configuration: no network, no data, it runs once */
export function checkFile(system: string, definitions: readonly Definition[]): string {
  const services = definitions.flatMap((definition) => {
    if (!definition.service.check) return [];
    const { restart: _, environment, volumes, healthcheck: __, ...rest } = container(system, definition);
    const configs = volumes.slice(0, definition.service.configs.length);
    const command = definition.service.check.map(literal);
    return [
      [definition.service.name, { ...rest, command, environment, volumes: configs, network_mode: 'none' }] as const,
    ];
  });
  return yaml({ services: Object.fromEntries(services) });
}

/** What every container of ours has, the edge's too: least rights, bounded logs, restarted after a reboot */
export const hardened = {
  restart: 'unless-stopped',
  init: true,
  read_only: true,
  tmpfs: ['/tmp:mode=1777,size=64m'],
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 512,
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
} as const;

/** A compose file's text: nothing of it is expanded but what the caller escaped not */
export const yaml = (data: unknown): string =>
  stringify(data, { lineWidth: 0, aliasDuplicateObjects: false }).replace(/[\u0085\u2028\u2029]/g, escaped);

/** Line breaks to YAML 1.1, which Go programs read; these stand between quotes only */
const escaped = (character: string): string => `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;

/** Text that arrives as it is: compose expands `$`, and its YAML reads plain words such as 1_000 or 0o17 as numbers */
export function literal(text: string): Scalar<string> {
  const scalar = new Scalar(text.replaceAll('$', '$$$$'));
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

function container(system: string, { service, image, env, hash }: Definition) {
  return {
    image,
    ...(service.command && { command: service.command.map(literal) }),
    ...hardened,
    user: service.user,
    labels: { 'berth.system': system, 'berth.service': service.name, 'berth.definition': hash },
    environment: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, literal(value)])),
    volumes: [
      ...service.configs.map(({ path }) => `${configVolume(system, service)}:${path}:ro`),
      ...service.mounts.map((mount) => volume(system, service, mount)),
    ],
    mem_limit: `${service.memoryMb}m`,
    // A weight among the services, not a limit: an engine refuses more processors than its machine has
    cpu_shares: Math.round(service.cpus * 1024),
    stop_grace_period: `${service.stopSeconds}s`,
    ...(service.health && {
      healthcheck: {
        test: ['CMD', ...service.health.command.map(literal)],
        interval: '10s',
        timeout: '5s',
        retries: 3,
        start_period: `${service.health.deadlineSeconds}s`,
      },
    }),
  };
}

/** Each release of a service has its own configuration, so that a running one never sees the next one's */
const configVolume = (system: string, service: Container): string =>
  `${configFolder(system, service.name)}/\${${variable(service.name, 'RELEASE')}}`;

function volume(system: string, service: Container, mount: Mount): string {
  const folder = mountFolder(system, mount);
  const release = mount.perRelease ? `/\${${variable(service.name, 'RELEASE')}}` : '';
  return `${folder}${release}:${mount.path}${mount.readOnly ? ':ro' : ''}`;
}
