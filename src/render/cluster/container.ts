import type { Container, Health, Mount } from '../../model/service.ts';
import { imageOf } from '../machine.ts';
import { contentsOf, literal } from './contents.ts';
import { type ClusterInput, dataVolume } from './input.ts';
import type { Item } from './manifest.ts';

/** A container of a pod with the volumes and objects that it needs */
export interface PodContainer {
  container: Readonly<Record<string, unknown>>;
  volumes: readonly object[];
  items: readonly Item[];
}

/** Fields that containers of pods and steps of jobs have in common */
type Program = Omit<Container, 'kind' | 'rollout' | 'calls'>;

/** Seconds in which the ingress and other pods learn that a pod is about to stop; it serves on meanwhile */
export const noticeSeconds = 5;

/** Size of /tmp in every container, which is in memory */
const tmpMb = 64;

export function podContainer(input: ClusterInput, role: string, service: Program): PodContainer {
  const { name, image, entrypoint, command, memoryMb, scratchMb = 0 } = service;
  const contents = contentsOf(input, role, name, service);
  const tmp = `${name}-tmp`;
  return {
    container: {
      name,
      image: imageOf(input, image),
      ...(entrypoint !== undefined && { command: [literal(entrypoint)] }),
      ...(command && { args: command.map(literal) }),
      env: contents.env,
      ...(service.port !== undefined && { ports: [{ containerPort: service.port }] }),
      resources: {
        // As between containers of a machine, processors are a weight and no limit
        requests: { cpu: `${cpuRequest(service)}m`, memory: `${memoryMb}Mi` },
        limits: { memory: `${memoryLimit(service)}Mi` },
      },
      securityContext: securityOf(service.user),
      // Whoever waits for the pod is told the last lines of what has failed
      terminationMessagePolicy: 'FallbackToLogsOnError',
      volumeMounts: [
        { name: tmp, mountPath: '/tmp' },
        ...contents.mounts,
        ...service.mounts.flatMap((mount) => mountOf(mount)),
      ],
    },
    volumes: [
      { name: tmp, emptyDir: { medium: 'Memory', sizeLimit: `${tmpMb + scratchMb}Mi` } },
      ...contents.volumes,
      ...service.mounts.flatMap(({ kind, ...mount }) =>
        kind === 'logs' && 'name' in mount ? [{ name: `logs-${mount.name}`, emptyDir: {} }] : [],
      ),
    ],
    items: contents.items,
  };
}

/** What a container asks for of a processor, in thousandths */
export const cpuRequest = ({ cpus }: Pick<Container, 'cpus'>): number => Math.round(cpus * 100);

/** Memory that a container may have at most, in MB */
export const memoryLimit = ({ memoryMb, scratchMb = 0 }: Pick<Container, 'memoryMb' | 'scratchMb'>): number =>
  memoryMb + scratchMb;

/** What Pod Security's level `restricted` asks of every container, and a root that nobody can write to */
export const securityOf = (user: string) => {
  const [uid, gid] = user.split(':').map(Number);
  return {
    runAsUser: uid,
    ...(gid !== undefined && { runAsGroup: gid }),
    allowPrivilegeEscalation: false,
    capabilities: { drop: ['ALL'] },
    readOnlyRootFilesystem: true,
  };
};

function mountOf(mount: Mount): readonly object[] {
  if (mount.kind === 'host') return [];
  const { name, path, readOnly } = mount;
  const place = { mountPath: path, ...(readOnly && { readOnly }) };
  if (mount.kind === 'data') return [{ name: dataVolume, subPath: name, ...place }];
  // A pod runs one release; readers of the folder look for releases one level below it
  return [{ name: `logs-${name}`, ...(mount.perRelease && { subPath: 'release' }), ...place }];
}

/** Adds to a service's container what makes it ready, and how it stops */
export function serving(service: Container, { container, ...rest }: PodContainer): PodContainer {
  const stop = preStop(service);
  const lifecycle = stop ? { lifecycle: { preStop: stop } } : {};
  const probe = service.health ? { readinessProbe: readiness(service.health, service.port) } : {};
  return { ...rest, container: { ...container, ...probe, ...lifecycle } };
}

function preStop({ rollout, port, stopSignal }: Container): object | undefined {
  if (rollout === 'colours' && port !== undefined) return { sleep: { seconds: noticeSeconds } };
  // The cluster sends the image's own signal afterwards
  return stopSignal === undefined
    ? undefined
    : { exec: { command: ['sh', '-c', `kill -s ${stopSignal.replace(/^SIG/, '')} 1`] } };
}

function readiness({ path, status = 200, command }: Health, port: number | undefined): object {
  const often = { periodSeconds: 2, timeoutSeconds: 5, failureThreshold: 3 };
  // The cluster takes 200 to 399 for an answer; only the service's own command knows others
  return path !== undefined && port !== undefined && status >= 200 && status < 300
    ? { httpGet: { path, port }, ...often }
    : { exec: { command }, ...often };
}

/** Returns the container that checks a service's configuration before the pod starts; none without a check */
export function checking(input: ClusterInput, role: string, service: Container): readonly PodContainer[] {
  const { check, checker, checksData = false, mounts } = service;
  if (!check) return [];
  const { port: _, ...asked } = service;
  const made = podContainer(input, role, {
    ...asked,
    ...(checker !== undefined && { entrypoint: checker }),
    command: check,
    mounts: checksData
      ? mounts.filter(({ kind }) => kind === 'data').map((one) => ({ ...one, readOnly: true }) as Mount)
      : [],
  });
  return [{ ...made, container: { ...made.container, name: `check-${service.name}` } }];
}
