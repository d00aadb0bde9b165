import type { BackupTask } from '../../model/backup.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import { unknownName } from '../unknownName.ts';

/** A job of a backup, and the data that it is of */
export interface BackupJob {
  system: string;
  name: string;
  job: string;
}

/** The jobs of a task that the stack's file declares, those of one system where it is named */
export const backupJobs = (blueprints: readonly Blueprint[], does: BackupTask, only?: string): readonly BackupJob[] =>
  blueprints
    .filter(({ system }) => only === undefined || system === only)
    .flatMap(({ system, roles }) =>
      Object.values(roles)
        .flatMap(({ jobs = [] }) => jobs)
        .flatMap(({ name, backup }) => (backup?.does === does ? [{ system, name: backup.of, job: name }] : [])),
    );

/**
 * The same, of a system
 * @param data one of its data by name. @default all
 * @throws where the system has no backups, or no such data
 */
export function backupJobsOf(
  blueprints: readonly Blueprint[],
  does: BackupTask,
  system: string,
  data?: string,
): readonly BackupJob[] {
  const names = blueprints.map((one) => one.system);
  if (!names.includes(system)) throw unknownName('the stack', 'system', system, names);
  const jobs = backupJobs(blueprints, does, system);
  if (jobs.length === 0) throw new Error(`${system} has no backups: its entry in the stack's file asks for none`);
  const found = jobs.filter(({ name }) => data === undefined || name === data);
  if (found.length === 0)
    throw new Error(
      `${system} has no backups of ${data}: there are those of ${jobs.map(({ name }) => name).join(', ')}`,
    );
  return found;
}
