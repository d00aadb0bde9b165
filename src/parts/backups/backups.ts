import { type BackupOptions, type BackupTask, beforeRestore } from '../../model/backup.ts';
import type { Bucket } from '../../model/blueprint.ts';
import type { ContainerStep, Job } from '../../model/job.ts';
import type { Value } from '../../model/value.ts';
import { type Repository, repositoryOf, sshFiles } from './repository.ts';

/** Data of a role that steps of a job can dump to a stream and load from one */
export interface Streamed {
  /** Unique name in the system; the label `name` of metrics */
  name: string;
  /**
   * Returns a step that writes the data to `streamFile`, and creates the file `whole` in `scratchFolder` before it
   * closes the stream. With SHUT_OUT=yes it locks out other users first, who stay locked out until the data is
   * restored; it lets them in again if the backup fails, that is if the file `taken` does not appear.
   */
  write(env: Readonly<Record<string, Value>>): ContainerStep;
  /**
   * Returns a step that loads data from `streamFile`: beside the live data under the name INTO, with OVER=yes in its
   * place, with TRIED=yes to count its rows and remove it again
   */
  read(env: Readonly<Record<string, Value>>): ContainerStep;
}

export interface BackupInput extends BackupOptions {
  system: string;
}

/**
 * Returns the jobs and the bucket of backups with restic: scheduled backups, a list, restores beside the live data or
 * over it, and a weekly test restore. Dump and restic run at the same time, connected by a pipe: no second copy of the
 * data is on the disk, and a dump that breaks off makes no snapshot.
 */
export function backups(input: BackupInput, data: Streamed): { jobs: readonly Job[]; buckets: readonly Bucket[] } {
  const repository = repositoryOf(input);
  const { name } = data;
  const own = (script: string, env: Readonly<Record<string, Value>> = {}) =>
    restic({ SYSTEM: input.system, NAME: name, ...env }, script, repository);
  const streams = (step: ContainerStep): ContainerStep => ({ ...step, streams: true });
  const job = (does: BackupTask, called: string, rest: Pick<Job, 'when' | 'steps' | 'deadlineSeconds'>): Job => ({
    name: `${called}-${name}`,
    ...rest,
    onceAcrossMachines: true,
    backup: { of: name, does },
  });
  const asked = { asked: true } as const;
  const hours = 3600;
  const jobs = [
    {
      ...job('take', 'backup', {
        when: { calendar: input.calendar, zone: 'Etc/UTC' },
        steps: [streams(data.write({})), own('take.sh', { KIND: 'regular', KEEP: keep })],
        deadlineSeconds: 6 * hours,
      }),
      parameters: ['NEW'],
    },
    job('list', 'backups', { when: asked, steps: [own('list.sh')], deadlineSeconds: 300 }),
    {
      ...job('restore', 'restore', {
        when: asked,
        steps: [streams(own('pour.sh')), data.read({})],
        deadlineSeconds: 12 * hours,
      }),
      parameters: ['SNAPSHOT', 'INTO'],
    },
    {
      ...job('restoreOver', 'restore-over', {
        when: asked,
        steps: [
          streams(data.write({ SHUT_OUT: 'yes' })),
          own('take.sh', { KIND: beforeRestore, NEW: 'yes' }),
          streams(own('pour.sh', { OVER: 'yes' })),
          data.read({ OVER: 'yes' }),
        ],
        deadlineSeconds: 12 * hours,
      }),
      parameters: ['SNAPSHOT'],
    },
    job('try', 'try-restore', {
      when: { calendar: 'Sun *-*-* 04:50', zone: 'Etc/UTC' },
      steps: [streams(own('pour.sh', { CHECK: 'yes' })), data.read({ TRIED: 'yes', INTO: 'berth_restore_test' })],
      deadlineSeconds: 12 * hours,
    }),
  ];
  return { jobs, buckets: repository.buckets };
}

/** Retention: eight backups at three-hour intervals, seven daily, four weekly, six monthly */
const keep = '--keep-hourly 8 --keep-daily 7 --keep-weekly 4 --keep-monthly 6';

/** User `nobody`, which exists in the image: its SSH client needs a user with a name */
const user = '65534:65534';

const scripts = ['repository.sh', 'take.sh', 'stream.sh', 'list.sh', 'pour.sh'];

const restic = (env: Readonly<Record<string, Value>>, script: string, repository: Repository): ContainerStep => ({
  image: 'docker.io/restic/restic:0.18.0',
  entrypoint: 'sh',
  command: [`/etc/berth/${script}`],
  // restic caches the repository's metadata there
  env: { ...repository.env, RESTIC_CACHE_DIR: '/cache', ...env },
  settings: repository.settings,
  calls: [],
  config: {
    path: '/etc/berth',
    files: {
      ...Object.fromEntries(scripts.map((name) => [name, { template: `backups/${name}`, values: {} }])),
      ...sshFiles(repository.hostKey),
    },
  },
  secretFiles: repository.secretFiles,
  mounts: [{ kind: 'data', name: 'backup-cache', path: '/cache', readOnly: false, perRelease: false, owner: user }],
  memoryMb: 512,
  cpus: 0.5,
  user,
  stopSeconds: 20,
});
