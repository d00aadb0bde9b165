import type { Role } from '../../model/blueprint.ts';
import { isContainer } from '../../model/service.ts';
import { checking, noticeSeconds, type PodContainer, podContainer, serving } from './container.ts';
import { type ClusterInput, dataVolume, isShipper, keepsData, podLabels, roleLabels } from './input.ts';
import type { Item } from './manifest.ts';
import { pullSecrets } from './registries.ts';
import { mostPods } from './scaling.ts';

/** Template of a role's pods, with the objects that its containers name */
export interface PodTemplate {
  template: { metadata: object; spec: Readonly<Record<string, unknown>> };
  items: readonly Item[];
}

/** The group of every volume: containers belong to it beside their own */
export const volumeGroup = 10_001;

/** Returns the pods of a role: its services are containers that reach each other by name */
export function podTemplate(input: ClusterInput, name: string, role: Role): PodTemplate {
  const containers = role.services.filter(isContainer);
  const [first, ...others] = [containers.filter(isShipper), containers.filter((one) => !isShipper(one))];
  // A shipper is there before the first line, and until after the last one
  const shippers = first.map((one) => {
    const made = serving(one, podContainer(input, name, one));
    return { ...made, container: { ...made.container, restartPolicy: 'Always' } };
  });
  const checks = containers.flatMap((one) => checking(input, name, one));
  const services = others.flat().map((one) => serving(one, podContainer(input, name, one)));
  const longest = Math.max(...containers.map(({ stopSeconds }) => stopSeconds), 0);
  const spec = podSpec(
    input,
    [...checks, ...shippers],
    services,
    containers.map(({ name }) => name),
  );
  const data = containers.some(({ mounts }) => mounts.some(({ kind }) => kind === 'data'));
  const volumes = data && !keepsData(role) ? [{ name: dataVolume, emptyDir: {} }] : [];
  return {
    template: {
      metadata: { labels: { ...roleLabels(input.blueprint.system, name) } },
      spec: {
        ...spec,
        volumes: [...(spec.volumes as readonly object[]), ...volumes],
        ...spreading(name, role),
        terminationGracePeriodSeconds: longest + noticeSeconds,
      },
    },
    items: distinctItems([...shippers, ...checks, ...services].flatMap(({ items }) => items)),
  };
}

/** Returns what every pod has, of a role or of a job */
export function podSpec(
  input: ClusterInput,
  before: readonly PodContainer[],
  containers: readonly PodContainer[],
  beside: readonly string[],
): Readonly<Record<string, unknown>> {
  const all = [...before, ...containers];
  const ports = all.flatMap(({ container }) => (container.ports as { containerPort: number }[] | undefined) ?? []);
  const volumes = new Map(all.flatMap((one) => one.volumes).map((volume) => [JSON.stringify(volume), volume]));
  return {
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    securityContext: {
      runAsNonRoot: true,
      fsGroup: volumeGroup,
      fsGroupChangePolicy: 'OnRootMismatch',
      seccompProfile: { type: 'RuntimeDefault' },
      ...(ports.some(({ containerPort }) => containerPort < 1024) && { sysctls: [lowPorts] }),
    },
    ...(beside.length > 1 && { hostAliases: [{ ip: '127.0.0.1', hostnames: beside }] }),
    ...pullSecrets(input),
    ...(before.length > 0 && { initContainers: before.map(({ container }) => container) }),
    containers: containers.map(({ container }) => container),
    volumes: [...volumes.values()],
  };
}

/** As in docker's containers, ports below 1024 are for everybody: a pod has a network of its own */
const lowPorts = { name: 'net.ipv4.ip_unprivileged_port_start', value: '0' };

/** Pods of a role stand on different nodes and in different zones, as far as there are some */
const spreading = (name: string, role: Role) =>
  mostPods(role) > 1 && {
    topologySpreadConstraints: ['kubernetes.io/hostname', 'topology.kubernetes.io/zone'].map((topologyKey) => ({
      ...{ maxSkew: 1, topologyKey, whenUnsatisfiable: 'ScheduleAnyway' },
      labelSelector: { matchLabels: podLabels(name) },
    })),
  };

export const distinctItems = (items: readonly Item[]): readonly Item[] => [
  ...new Map(items.map((one) => [`${one.manifest.kind} ${one.key}`, one])).values(),
];
