import type { BackupTask } from './backup.ts';
import type { Container, Mount } from './service.ts';

/** A task that runs to its end in containers of its own, beside the services of its role */
export interface Job {
  /** Of its own in the role */
  name: string;
  /**
   * `release`: before a release whose job differs from the live one's leads anybody to its services; one that fails ends
   * that release. It may run again for the same release, where another step failed after it: it has to stand that.
   * `calendar`: as systemd's OnCalendar has it, such as `*-*-* 03:00`, by the clock of an IANA zone; a run that was missed
   * is made up for. `asked`: by `berth run` alone, which runs the others at any time, too
   */
  when: { release: true } | { calendar: string; zone: string } | { asked: true };
  /** One after another; the first that fails ends the job. They share a folder, `scratchFolder`, which is gone afterwards */
  steps: readonly [JobStep, ...JobStep[]];
  /** For all steps together. What is under way then is asked to stop, and the job has failed */
  deadlineSeconds: number;
  /** On the first machine of its role alone, which is released before the others */
  onceAcrossMachines: boolean;
  /** Environment variables of its steps that whoever asks for it may set. @default none */
  parameters?: readonly string[];
  /** Set for jobs of a backup, which `berth backup`, `backups` and `restore` find by it */
  backup?: { of: string; does: BackupTask };
}

/** One container of a job. It calls services by their names, in the colour that is live */
export type JobStep = Omit<Container, (typeof ofServices)[number]> & {
  /**
   * Whether it runs together with the next step, each at one end of the pipe `streamFile`. Both have to end well; one that
   * fails lets the stream of the other end. @default false
   */
  streams?: boolean;
};

/** Fields of a container that apply to services alone */
const ofServices = ['kind', 'name', 'port', 'exposed', 'rollout', 'health', 'check', 'checker'] as const;

/** On every machine: what the runs of its jobs were, for Prometheus */
export const figuresFolder = '/var/lib/berth/figures';

/**
 * In every container of a job. Figures for Prometheus that a step writes to its file `figures`, lines such as
 * `berth_backup_size_bytes{system="shop",name="database"} 1024`, are told beside those of the job
 */
export const scratchFolder = '/scratch';

/**
 * A pipe between a step that streams and the next one: what goes through it lies on no disk. The writer leaves the file
 * `whole` beside it before it closes it, by which the reader knows that it was all; each stream begins without one.
 */
export const streamFile = `${scratchFolder}/stream`;

/**
 * A step that is a service with another command: its image, settings, secret files, folders, user and networks. Logs of
 * its own releases are the service's alone, so that the step writes beside them.
 */
export function asService(service: Container, own: Partial<JobStep> & Pick<JobStep, 'command'>): JobStep {
  const shared = Object.fromEntries(
    Object.entries(service).filter(([key]) => !ofServices.some((name) => name === key)),
  ) as JobStep;
  return { ...shared, mounts: service.mounts.map(besides), ...own };
}

function besides(mount: Mount): Mount {
  if (mount.kind === 'host') return mount;
  // The folder is the service's
  const { owner: _, ...shared } = mount;
  return { ...shared, perRelease: false };
}
