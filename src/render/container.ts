import { Scalar } from 'yaml';
import type { Container, Mount } from '../model/service.ts';
import { configFolder, mountFolder, variable } from './paths.ts';

/** A compose service without its colour's ports and networks and without labels */
export type ContainerSpec = ReturnType<typeof containerSpec>;

export function containerSpec(
  system: string,
  service: Container,
  image: string,
  env: Readonly<Record<string, string>>,
) {
  return {
    image,
    ...(service.entrypoint !== undefined && { entrypoint: [service.entrypoint] }),
    ...(service.command && { command: service.command.map(literal) }),
    ...hardened,
    user: service.user,
    environment: {
      ...Object.fromEntries(Object.entries(env).map(([name, value]) => [name, literal(value)])),
      // Said by the host where the machine is itself a container, whose limit others in it don't see
      ...(service.wholeMachine && { MACHINE_MEMORY_MB: `\${MACHINE_MEMORY_MB:-}` }),
    },
    volumes: [
      ...(service.config ? [`${configVolume(system, service)}:${service.config.path}:ro`] : []),
      ...Object.keys(service.secretFiles ?? {}).map(
        (path) => `${configVolume(system, service)}/${secretFileName(path)}:${path}:ro`,
      ),
      ...service.mounts.map((mount) => volume(system, service, mount)),
    ],
    ...memory(service),
    // A relative weight rather than a limit: docker refuses limits above the machine's number of processors
    cpu_shares: Math.round(service.cpus * 1024),
    stop_grace_period: `${service.stopSeconds}s`,
    ...(service.stopSignal && { stop_signal: service.stopSignal }),
    ...(service.health && {
      healthcheck: {
        test: ['CMD', ...service.health.command.map(literal)],
        // Each check starts a program in the container, which a small machine with twenty of them feels
        interval: '30s',
        timeout: '5s',
        retries: 3,
        start_interval: '1s',
        start_period: `${service.health.deadlineSeconds}s`,
      },
    }),
  };
}

/** Size of /tmp in every container, which is in memory */
const tmpMb = 64;
const tmpOf = (mb: number): string[] => [`/tmp:mode=1777,size=${mb}m`];

/** Memory limit, and the part of it that files in /tmp may use */
export const scratch = (memoryMb: number, scratchMb = 0) => ({
  tmpfs: tmpOf(tmpMb + scratchMb),
  mem_limit: `${memoryMb + scratchMb}m`,
});

function memory({ memoryMb, scratchMb, wholeMachine }: Container) {
  const { mem_limit, tmpfs } = scratch(memoryMb, scratchMb);
  return wholeMachine ? { tmpfs } : { tmpfs, mem_limit };
}

/** Returns a service's data folders as its check has them: it only reads */
export const dataVolumes = (system: string, service: Container): readonly string[] =>
  service.mounts
    .filter(({ kind }) => kind === 'data')
    .map((mount) => volume(system, service, { ...mount, readOnly: true } as Mount));

/** Settings of every container, the edge's included: minimal privileges, limited logs, restart after a reboot */
export const hardened = {
  restart: 'unless-stopped',
  init: true,
  read_only: true,
  tmpfs: tmpOf(tmpMb),
  cap_drop: ['ALL'],
  security_opt: ['no-new-privileges:true'],
  pids_limit: 512,
  logging: { driver: 'json-file', options: { 'max-size': '10m', 'max-file': '3' } },
} as const;

/**
 * Returns a YAML scalar that reaches the container unchanged: compose expands `$`, and its YAML parser reads plain
 * words such as 1_000 or 0o17 as numbers
 */
export function literal(text: string): Scalar<string> {
  const scalar = new Scalar(text.replaceAll('$', '$$$$'));
  scalar.type = Scalar.QUOTE_DOUBLE;
  return scalar;
}

/**
 * Each release of a service has its own configuration folder, so that a running container never sees the next one's
 * files
 */
const configVolume = (system: string, service: Container): string =>
  `${configFolder(system, service.name)}/\${${variable(service.name, 'RELEASE')}}`;

/** Name on the host of a secret file, from its path in the container; configuration files never have such names */
export const secretFileName = (path: string): string => `secret${path.replaceAll('/', '%')}`;

function volume(system: string, service: Container, mount: Mount): string {
  const folder = mountFolder(system, mount);
  // With what is mounted below it later, such as a data disk
  if (mount.kind === 'host') return `${folder}:${mount.path}:ro,rslave`;
  const release = mount.perRelease ? `/\${${variable(service.name, 'RELEASE')}}` : '';
  return `${folder}${release}:${mount.path}${mount.readOnly ? ':ro' : ''}`;
}
