import type { BackupOptions } from '../../model/backup.ts';
import type { Bucket, BucketApi } from '../../model/blueprint.ts';
import type { BucketFact } from '../../model/facts.ts';
import type { Container } from '../../model/service.ts';
import { ref, secret, text, type Value } from '../../model/value.ts';

/** Storage of backups: the system's own bucket, or a given repository, which survives the loss of the cloud account */
export interface Repository {
  /** Environment variables of restic */
  env: Readonly<Record<string, Value>>;
  /** Further variables from the environment file */
  settings: Readonly<Record<string, Value>>;
  secretFiles: NonNullable<Container['secretFiles']>;
  /** Pinned host key of an SSH server; empty for other repositories */
  hostKey: string;
  buckets: readonly Bucket[];
}

const bucket = 'backups';
const keyFile = '/etc/backups/key';

/** Returns the repository of a system's backups */
export function repositoryOf(options: BackupOptions): Repository {
  const password = { RESTIC_PASSWORD: secret('backupsPassword') };
  const { repository, storage, env, hostKey = '' } = options;
  if (repository === undefined) {
    const own = { RESTIC_REPOSITORY: places[storage], ...password, ...keys[storage] };
    return { env: own, settings: env, secretFiles: {}, hostKey: '', buckets: [{ name: bucket, apis: [storage] }] };
  }
  return {
    env: { RESTIC_REPOSITORY: repository, ...password },
    settings: env,
    // OpenSSH needs the line break at the end of a private key
    secretFiles: bySsh(options) ? { [keyFile]: text`${secret('backupsKey')}\n` } : {},
    hostKey,
    buckets: [],
  };
}

const bySsh = ({ repository }: BackupOptions): boolean => repository?.startsWith('sftp:') ?? false;

/** Returns descriptions of the secrets of a system's backups, by name */
export const backupSecrets = (options?: BackupOptions): Record<string, string> =>
  options
    ? {
        backupsPassword:
          'the password that backups are encrypted with: keep it elsewhere, too, since without it nobody can restore them',
        ...(bySsh(options) && { backupsKey: 'the private SSH key, OpenSSH, with which backups are written and read' }),
      }
    : {};

const fact = (name: BucketFact) => ref(`buckets.${bucket}.${name}`);

const places: Readonly<Record<BucketApi, Value>> = {
  s3: text`s3:${fact('endpoint')}/${fact('bucket')}`,
  swift: text`swift:${fact('bucket')}:/`,
  blob: text`azure:${fact('bucket')}:/`,
};

const keys: Readonly<Record<BucketApi, Readonly<Record<string, Value>>>> = {
  s3: {
    AWS_DEFAULT_REGION: fact('region'),
    AWS_ACCESS_KEY_ID: fact('accessKey'),
    AWS_SECRET_ACCESS_KEY: fact('secretKey'),
  },
  swift: {
    OS_AUTH_URL: fact('endpoint'),
    OS_REGION_NAME: fact('region'),
    OS_USERNAME: fact('username'),
    OS_PASSWORD: fact('password'),
    OS_PROJECT_NAME: fact('project'),
    OS_USER_DOMAIN_NAME: 'Default',
    OS_PROJECT_DOMAIN_NAME: 'Default',
  },
  blob: { AZURE_ACCOUNT_NAME: fact('account'), AZURE_ACCOUNT_KEY: fact('key') },
};

/** Returns SSH settings with the private key and the pinned host key, which is accepted for any host name */
export const sshFiles = (hostKey: string) => ({
  'ssh.conf': { template: 'backups/ssh.conf', values: { key: keyFile } },
  known_hosts: { text: hostKey === '' ? '' : `repository ${hostKey}\n` },
});
