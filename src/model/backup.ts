import type { BucketApi } from './blueprint.ts';
import type { Value } from './value.ts';

/** Options of a system's backups, as its entry in the environment file has them */
export interface BackupOptions {
  /** Where they are kept, as restic names it. @default a bucket of the system's own */
  repository?: string;
  /** Protocol of the system's own bucket */
  storage: BucketApi;
  /** Host key of an SSH server that keeps them */
  hostKey?: string;
  /** Further environment of restic */
  env: Readonly<Record<string, Value>>;
  /** As systemd's OnCalendar has it, by UTC */
  calendar: string;
}

/** `restoreOver` puts a backup in the place of the live data, `restore` beside them; `try` restores one and lets it go */
export type BackupTask = 'take' | 'list' | 'restore' | 'restoreOver' | 'try';

/** The tag of backups that are taken before live data are replaced */
export const beforeRestore = 'before-restore';
