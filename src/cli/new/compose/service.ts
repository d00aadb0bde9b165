import type { Place } from '../finding.ts';
import type { RawService } from './document.ts';
import {
  dependenciesOf,
  environmentOf,
  listOf,
  megabytesOf,
  type Port,
  portsOf,
  secondsOf,
  type Volume,
  volumesOf,
  wordsOf,
} from './forms.ts';
import { recordOf } from './merge.ts';

/** A service that is to become part of a system: of a Compose file, of a Dockerfile, or of flags */
export interface Source {
  name: string;
  at(...path: readonly (string | number)[]): Place | undefined;
  image?: string;
  /** Folder and file that its image is built from; `as`: the service whose name the image has. @default its own */
  build?: { context: string; dockerfile?: string; as?: string };
  command?: readonly string[];
  entrypoint?: readonly string[];
  /** A variable without a value here is `unknownVariable` in the text */
  environment: Readonly<Record<string, string>>;
  ports: readonly Port[];
  /** Ports that other services reach */
  expose: readonly number[];
  volumes: readonly Volume[];
  /** Words of its health check, without `CMD`; a shell's are `sh -c …` */
  health?: { command: readonly string[]; deadlineSeconds: number };
  /** Path that answers 2xx, where it is known */
  healthPath?: string;
  /** Services that it waits for, each with the condition */
  dependsOn: Readonly<Record<string, string>>;
  labels: Readonly<Record<string, string>>;
  /** Names of its secret files below /run/secrets */
  secrets: readonly string[];
  memoryMb?: number;
  cpus?: number;
  user?: string;
  stopSeconds?: number;
  stopSignal?: string;
  restart?: string;
  profiles: readonly string[];
  /** Runs at these times, as systemd's OnCalendar has them, and not all the time */
  calendar?: string;
  /** Everything that it is given, for keys without an equivalent */
  data: Readonly<Record<string, unknown>>;
}

/** Returns a source with nothing but a name */
export const plainSource = (name: string): Source => ({
  name,
  at: (): undefined => undefined,
  environment: {},
  ports: [],
  expose: [],
  volumes: [],
  dependsOn: {},
  labels: {},
  secrets: [],
  profiles: [],
  data: {},
});

/** Returns a service of a Compose file with each of its values in one shape */
export function sourceOf({ name, data, at }: RawService, ofFiles: Readonly<Record<string, string>>): Source {
  const limits = recordOf(recordOf(recordOf(data.deploy).resources).limits);
  const build = typeof data.build === 'string' ? { context: data.build } : buildOf(data.build);
  const ports = portsOf(data.ports).flatMap((found) => found ?? []);
  return {
    ...plainSource(name),
    at,
    ...present({
      image: data.image === undefined ? undefined : String(data.image),
      build,
      command: wordsOf(data.command),
      entrypoint: wordsOf(data.entrypoint),
      health: healthOf(recordOf(data.healthcheck)),
      memoryMb: megabytesOf(limits.memory ?? data.mem_limit),
      cpus: Number(limits.cpus ?? data.cpus) || undefined,
      user: data.user === undefined ? undefined : String(data.user),
      stopSeconds: secondsOf(data.stop_grace_period),
      stopSignal: data.stop_signal === undefined ? undefined : String(data.stop_signal),
      restart: data.restart === undefined ? undefined : String(data.restart),
    }),
    environment: { ...ofFiles, ...environmentOf(data.environment) },
    ports,
    expose: listOf(data.expose).map((port) => Number.parseInt(String(port), 10)),
    volumes: volumesOf(data.volumes),
    dependsOn: dependenciesOf(data.depends_on),
    labels: environmentOf(data.labels),
    secrets: listOf(data.secrets).map((entry) =>
      typeof entry === 'object' ? String(recordOf(entry).source) : String(entry),
    ),
    profiles: listOf(data.profiles).map(String),
    data,
  };
}

function buildOf(data: unknown): Source['build'] {
  if (data === undefined) return undefined;
  const { context = '.', dockerfile } = recordOf(data);
  return { context: String(context), ...(dockerfile !== undefined && { dockerfile: String(dockerfile) }) };
}

/** Shortest and longest wait for a health check */
const [shortest, longest] = [60, 600];

function healthOf({ test, disable, ...times }: Readonly<Record<string, unknown>>): Source['health'] {
  if (test === undefined || disable === true) return undefined;
  const words = Array.isArray(test) ? test.map(String) : ['CMD-SHELL', String(test)];
  const [kind, ...rest] = words;
  if (kind === 'NONE' || rest.length === 0) return undefined;
  const tries = Number(times.retries ?? 3) * (secondsOf(times.interval) ?? 30);
  const seconds = (secondsOf(times.start_period) ?? 0) + tries;
  return {
    command: kind === 'CMD-SHELL' ? ['sh', '-c', rest.join(' ')] : rest,
    deadlineSeconds: Math.min(longest, Math.max(shortest, seconds)),
  };
}

/** Returns the fields that are there */
export function present<Fields extends object>(
  fields: Fields,
): { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> } {
  const there = Object.entries(fields).filter(([, value]) => value !== undefined);
  return Object.fromEntries(there) as { [Key in keyof Fields]?: Exclude<Fields[Key], undefined> };
}
