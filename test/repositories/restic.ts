import { randomBytes } from 'node:crypto';
import { chmodSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { backupOptions } from '../../src/config/backupFields.ts';
import type { BucketApi } from '../../src/model/blueprint.ts';
import type { ContainerStep } from '../../src/model/job.ts';
import { resolve } from '../../src/model/value.ts';
import { mysql } from '../../src/parts/mysql.ts';
import { checkout } from '../../src/paths.ts';
import {
  type Answer,
  docker,
  folderOf,
  type Image,
  least,
  ownContainer,
  serviceImage,
  given as variablesOf,
} from '../render/docker.ts';

type Task = 'take' | 'list' | 'restore';

/** Servers in which backups are kept */
export interface Repository {
  storage: BucketApi;
  /** What a machine is told of the bucket, but for its name */
  facts: Readonly<Record<string, string>>;
  /** The fact without which nobody gets in */
  key: string;
  /** Words of `docker run` by which restic reaches the servers */
  reached?: readonly string[];
  /** Makes a bucket, where the cloud does and restic does not */
  make(bucket: string): Promise<void>;
  /** Returns what a bucket holds, by name */
  objects(bucket: string): Promise<Readonly<Record<string, string>>>;
  /** Removes a bucket with what it holds */
  lose(bucket: string): Promise<void>;
}

/** A machine's disk, and the bucket that has its backups */
export interface Disk {
  cache: string;
  bucket: string;
}

export const diskOf = (bucket: string): Disk => {
  const cache = folderOf({});
  chmodSync(cache, 0o777);
  return { cache, bucket };
};

interface Given {
  env?: Readonly<Record<string, string>>;
  /** Words of `docker run` */
  options?: readonly string[];
  password?: string;
  /** In place of the repository's own key */
  key?: string;
  data?: string;
}

/** The image in which restic runs */
export const resticImage = (): Promise<Image> => serviceImage(step('s3', 'take').image);

/** The step of a task's job in which restic runs */
function step(storage: BucketApi, does: Task): ContainerStep {
  const { roles } = mysql({
    ...{ role: 'database', calledBy: 'app', database: 'shop', user: 'clerk', memoryMb: 1024 },
    ...{ password: 'clerkPassword', rootPassword: 'rootPassword', exporterPassword: 'exporterPassword' },
    backups: { system: 'shop', ...backupOptions.parse({ storage }) },
  });
  const { steps = [] } = roles?.database?.jobs?.find(({ backup }) => backup?.does === does) ?? {};
  const found = (steps as readonly ContainerStep[]).find(({ image }) => image.includes('restic'));
  if (!found) throw new Error(`restic is in no step of ${does}`);
  return found;
}

/** The other end of the stream, as the step beside restic's has it */
const beside: Readonly<Record<Task, string>> = {
  take: ': >/scratch/whole; cat /stream/data >/scratch/stream &',
  restore: 'cat /scratch/stream >/scratch/restored &',
  list: '',
};

/** In the place of the program that ends restic when its time is over */
export function whoseTimeEnds(timeout: string): Given {
  const folder = folderOf({ timeout });
  chmodSync(join(folder, 'timeout'), 0o755);
  return { env: { PATH: '/ended:/usr/bin:/bin' }, options: ['--volume', `${folder}:/ended:ro`] };
}

/** Runs restic's step of a task as a machine does; what it is given, or gives, is the stream */
export async function ran(
  { storage, facts: own, key: secret, reached = [] }: Repository,
  { cache, bucket }: Disk,
  does: Task,
  { env = {}, options = [], password = 'the-backups-0123456789', key = own[secret] ?? '', data = '' }: Given = {},
): Promise<Answer> {
  const image = await resticImage();
  const { env: declared, command = [], config } = step(storage, does);
  const facts = Object.fromEntries(
    Object.entries({ ...own, [secret]: key, bucket }).map(([name, value]) => [`buckets.backups.${name}`, value]),
  );
  const variables = Object.entries({ ...declared, ...env }).map(([name, value]) => [
    name,
    resolve(value, facts, { backupsPassword: password }),
  ]);
  const scripts = folderOf(
    Object.fromEntries(
      Object.keys(config?.files ?? {}).map((name) => {
        const template = join(checkout, 'templates', 'backups', name);
        return [name, name.endsWith('.sh') ? readFileSync(template, 'utf8') : ''];
      }),
    ),
  );
  const volumes = [`${scripts}:/etc/berth:ro`, `${folderOf({ data })}:/stream:ro`, `${cache}:/cache`];
  const script = `mkfifo /scratch/stream; ${beside[does]} sh ${command.at(-1)}; code=$?; [ ! -s /scratch/restored ] || cat /scratch/restored; exit $code`;
  return docker(
    ...['run', ...ownContainer(`repositories-${randomBytes(3).toString('hex')}`), ...least, '--network', 'host'],
    ...['--user', '65534:65534', '--tmpfs', '/scratch:mode=1777', ...variablesOf(Object.fromEntries(variables))],
    ...[...volumes.flatMap((volume) => ['--volume', volume]), ...reached, ...options],
    ...['--entrypoint', 'sh', 'reference' in image ? image.reference : '', '-c', script],
  );
}
