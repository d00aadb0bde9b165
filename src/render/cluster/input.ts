import type { Blueprint, Role } from '../../model/blueprint.ts';
import type { ClusterSettings } from '../../model/cloud.ts';
import { limitedName } from '../../model/names.ts';
import { needsOf } from '../../model/value.ts';
import type { MachineInput } from '../machine.ts';
import { type Item, type Kind, kinds, type Manifest } from './manifest.ts';

/** Input for the manifests of one system; facts and secrets are those that its roles name */
export interface ClusterInput extends Pick<MachineInput, 'facts' | 'secrets' | 'secretFacts' | 'images' | 'logins'> {
  blueprint: Blueprint;
  /** Name of the environment */
  environment: string;
  settings: ClusterSettings;
}

/** Namespace of a system in an environment */
export const namespaceOf = (system: string, environment: string): string =>
  limitedName([system, environment], { length: 63 });

const label = (name: string): string => `app.kubernetes.io/${name}`;

/** Labels of everything that berth makes, by which it knows its own */
export const systemLabels = (system: string): Record<string, string> => ({
  [label('managed-by')]: 'berth',
  [label('part-of')]: system,
});

export const roleLabels = (system: string, role: string): Record<string, string> => ({
  ...systemLabels(system),
  [label('component')]: role,
});

/** Labels by which a Service, a policy or a workload finds the pods of a role; those of jobs are others */
export const podLabels = (role: string): Record<string, string> => ({ [label('component')]: role });

/** Label by which a cluster knows the pods of one Job, with the Job's uid */
export const ofJobLabel = 'batch.kubernetes.io/controller-uid';

/** Label of the pods of a role's jobs */
export const jobLabels = (role: string): Record<string, string> => ({ 'berth/job-of': role });

/** Returns an item of a system's namespace */
export function item(
  { blueprint, environment }: Pick<ClusterInput, 'blueprint' | 'environment'>,
  kind: Kind,
  name: string,
  fields: Readonly<Record<string, unknown>>,
  more: Partial<Omit<Item, 'manifest'>> & { annotations?: Readonly<Record<string, string>> } = {},
): Item {
  const { annotations, ...placed } = more;
  const { system } = blueprint;
  const manifest: Manifest = {
    apiVersion: kinds[kind],
    kind,
    metadata: {
      name,
      namespace: namespaceOf(system, environment),
      labels: placed.role === undefined ? systemLabels(system) : roleLabels(system, placed.role),
      ...(annotations && { annotations }),
    },
    ...fields,
  };
  return { key: name, ...placed, manifest };
}

/** The pods of a role are members with a name each: others call one of them, or they keep data */
export const hasMembers = (blueprint: Blueprint, name: string, role: Role): boolean =>
  keepsData(role) ||
  needsOf(Object.values(blueprint.roles)).refs.some((ref) => new RegExp(`^machines\\.${name}\\.\\d+\\.`).test(ref));

/** Stable name of a member, at which its Service answers */
export const memberName = (role: string, index: number): string => `${role}-${index}`;

/** Name of the workload's part that is a job: a Job, or the CronJob from which Jobs are made */
export const jobName = (role: string, job: string): string => `${role}-${job}`;

/** Name of the volume with what a role's services write */
export const dataVolume = 'data';

/** Claim with the data of a member */
export const memberClaim = (role: string, index: number): string => `${dataVolume}-${memberName(role, index)}`;

/** Label by which a cluster knows a member's pod */
export const memberLabel = 'statefulset.kubernetes.io/pod-name';

/** Has a pod run on the node of a member, whose volume it shares */
export const besideMember = (role: string, index: number): object => ({
  podAffinity: {
    requiredDuringSchedulingIgnoredDuringExecution: [
      {
        labelSelector: { matchLabels: { [memberLabel]: memberName(role, index) } },
        topologyKey: 'kubernetes.io/hostname',
      },
    ],
  },
});

/** Whether its services write what outlives their pods. A log shipper's position is lost with the logs that it is about. */
export const keepsData = ({ services, volume }: Role): boolean =>
  volume !== undefined || services.some((one) => one.kind === 'container' && !shipsLogs(one) && writesData(one));

type Mounting = Pick<Extract<Role['services'][number], { kind: 'container' }>, 'mounts'>;

const shipsLogs = ({ mounts }: Mounting): boolean => mounts.some((one) => one.kind === 'logs' && one.readOnly);
const writesData = ({ mounts }: Mounting): boolean => mounts.some((one) => one.kind === 'data' && !one.readOnly);

/** Whether a container ships the logs of another: it starts before it, and ends after it */
export const isShipper = shipsLogs;
