import type { BackupTask } from './backup.ts';
import type { Container, Mount, Process, Service } from './service.ts';

/** A task that runs to its end, in containers or as programs of its own, beside the services of its role */
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
  /**
   * One after another; the first that fails ends the job. Its containers share a folder, `scratchFolder`, which is removed
   * afterwards
   */
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

export type JobStep = ContainerStep | ProgramStep;

/** One container of a job. It calls services by their names, in the colour that is live */
export type ContainerStep = Omit<Container, (typeof ofContainers)[number]> & {
  /**
   * Whether it runs together with the next step, each at one end of the pipe `streamFile`. Both have to end well; one that
   * fails lets the stream of the other end. @default false
   */
  streams?: boolean;
};

/** A program of a commit, run as a user of its own once the commit is built. It calls services on their `loopback` port */
export type ProgramStep = Pick<Process, (typeof ofPrograms)[number]>;

export const isProgram = (step: JobStep): step is ProgramStep => 'source' in step;

/** Fields of a container that apply to services alone */
const ofContainers = [
  'kind',
  'name',
  'port',
  'exposed',
  'rollout',
  'health',
  'check',
  'checker',
  'checksData',
  'wholeMachine',
] as const;

/** Fields of a process that apply to steps too */
const ofPrograms = ['source', 'image', 'command', 'folder', 'env', 'settings', 'secretFiles', 'memoryMb'] as const;

/** On every machine: what its jobs, releases and containers were and are, for Prometheus */
export const figuresFolder = '/var/lib/berth/figures';

/** Service that reads that folder */
export const figuresReader = 'node-exporter';

/**
 * In every container of a job, a folder that they share. Figures for Prometheus that a step writes to its file `figures`,
 * lines such as `berth_backup_size_bytes{system="shop",name="database"} 1024`, are told beside those of the job
 */
export const scratchFolder = '/scratch';

/**
 * A pipe between a step that streams and the next one: what goes through it lies on no disk. The writer leaves the file
 * `whole` beside it before it closes it, by which the reader knows that it was all; each stream begins without one.
 */
export const streamFile = `${scratchFolder}/stream`;

/**
 * Returns a step that is a service with another command: its image, settings, secret files, folders, user and networks; of
 * a process its commit, settings and secret files. Logs of its own releases are the service's alone, so that the step
 * writes beside them.
 */
export function asService(
  service: Container,
  own: Partial<ContainerStep> & Pick<ContainerStep, 'command'>,
): ContainerStep;
export function asService(service: Process, own: Partial<ProgramStep> & Pick<ProgramStep, 'command'>): ProgramStep;
export function asService(service: Service, own: Partial<JobStep>): JobStep {
  const shared = Object.entries(service).filter(([key]) =>
    service.kind === 'process' ? ofPrograms.some((name) => name === key) : !ofContainers.some((name) => name === key),
  );
  const mounts = service.kind === 'container' && { mounts: service.mounts.map(besides) };
  return { ...Object.fromEntries(shared), ...mounts, ...own } as JobStep;
}

function besides(mount: Mount): Mount {
  if (mount.kind === 'host') return mount;
  // The folder is the service's
  const { owner: _, ...shared } = mount;
  return { ...shared, perRelease: false };
}
