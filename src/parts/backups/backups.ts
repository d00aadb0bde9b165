import { type BackupOptions, type BackupTask, beforeRestore } from '../../model/backup.ts';
import type { Bucket } from '../../model/blueprint.ts';
import type { ContainerStep, Job } from '../../model/job.ts';
import type { Value } from '../../model/value.ts';
import { type Repository, repositoryOf, sshFiles } from './repository.ts';

/** Data of a role that can be written to a stream and read from one, each by a step of a job */
export interface Streamed {
  /** Of its own in the system; the `name` in figures */
  name: string;
  /**
   * Writes the data to `streamFile`, and the file `whole` into `scratchFolder` before it closes it. With SHUT_OUT=yes
   * nobody else changes the data from then on, until they were restored or `taken` does not come to be there.
   */
  write(env: Readonly<Record<string, Value>>): ContainerStep;
  /**
   * Reads data from `streamFile`: beside the live ones under the name INTO, with OVER=yes in their place, with TRIED=yes
   * to count them and let them go
   */
  read(env: Readonly<Record<string, Value>>): ContainerStep;
}

export interface BackupInput extends BackupOptions {
  system: string;
}

/**
 * Returns the jobs of a data's backups by restic: taken on a calendar, listed, restored beside the live data or over
 * them, and tried each week. Dump and restic run side by side: no second copy lies on the disk, and a dump that breaks
 * off makes no snapshot.
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

/** Eight of three hours, then days, weeks, months */
const keep = '--keep-hourly 8 --keep-daily 7 --keep-weekly 4 --keep-monthly 6';

/** Nobody, whom the image knows by name, as its SSH client needs */
const user = '65534:65534';

const scripts = ['repository.sh', 'take.sh', 'stream.sh', 'list.sh', 'pour.sh'];

const restic = (env: Readonly<Record<string, Value>>, script: string, repository: Repository): ContainerStep => ({
  image: 'docker.io/restic/restic:0.18.0',
  entrypoint: 'sh',
  command: [`/etc/berth/${script}`],
  // What it knows of the repository, so that it is not asked for anew
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
