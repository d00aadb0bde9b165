import { z } from 'zod';
import { environmentVariables } from './applicationFields.ts';
import { guided, textField } from './guide.ts';
import { hostKey } from './sshPublicKey.ts';

const repository = textField({
  noun: 'a repository of restic',
  description:
    "Where backups are kept, as restic names it. @default a bucket of the system's own, which is lost with the cloud's account.",
  examples: ['sftp:backup@198.51.100.7:/srv/lostops', 's3:https://s3.gra.io.cloud.ovh.net/lostops-backups'],
  allowed:
    'sftp:<user>@<host>:/<folder>, s3:https://<server>/<bucket>, swift:<container>:/, azure:<container>:/ or rest:https://<server>/<path>',
  pattern:
    /^(?:sftp:[\w.-]+@[\w.-]+:\/|sftp:\/\/[\w.-]+@[\w.-]+(?::\d+)?\/|(?:s3|rest):https?:\/\/|swift:|azure:)[\w.:/~-]+$/,
  flaw: (value) =>
    /^(?:s3|rest):.*@/.test(value)
      ? {
          message: 'has a name or a password in it',
          fix: 'name them in `env`, such as { AWS_SECRET_ACCESS_KEY: { secret: backupsSecretKey } }',
        }
      : undefined,
});

const calendar = textField({
  noun: "a calendar of systemd's",
  description: 'When backups are taken, by UTC, as OnCalendar of systemd has it.',
  examples: ['*-*-* 00/3:20', '*-*-* 02:30'],
  allowed: 'such as *-*-* 00/3:20 for each third hour, or *-*-* 02:30 for each night',
  pattern: /^(?:[A-Z][a-z]{2}(?:[.,]{1,2}[A-Z][a-z]{2})* )?[\d*/,.~-]+ [\d*/,.]+:[\d*/,.]+(?::[\d*/,.]+)?$/,
});

/** Options of a system's backups */
export const backupOptions = guided(
  z
    .strictObject({
      repository: repository.exactOptional(),
      storage: guided(
        z
          .enum(['s3', 'swift', 'blob'])
          .describe("The protocol of the system's own bucket: blob where the cloud has no S3."),
        { allowed: 's3, swift or blob' },
      ).default('s3'),
      hostKey: hostKey
        .describe(
          'The host key of the server of an sftp: repository, one line. Another that answers in its place is refused.',
        )
        .exactOptional(),
      env: environmentVariables(['RESTIC_PASSWORD', 'RESTIC_REPOSITORY', 'RESTIC_CACHE_DIR'])
        .describe(
          'What restic needs to reach the repository: { AWS_ACCESS_KEY_ID: …, AWS_SECRET_ACCESS_KEY: { secret: backupsSecretKey } }.',
        )
        .default({}),
      calendar: calendar.default('*-*-* 00/3:20'),
    })
    .check(({ value, issues }) => {
      const bySsh = value.repository?.startsWith('sftp:') ?? false;
      if (bySsh === (value.hostKey !== undefined)) return;
      const message = bySsh
        ? 'has an sftp: repository and no hostKey, by which its server is known'
        : 'has a hostKey and no sftp: repository, whose server it would be of';
      issues.push({ code: 'custom', message, input: value });
    })
    .describe('Encrypted backups that leave the machine. @default none: a lost disk is lost data'),
  { allowed: 'a block such as { } for a bucket of its own, or { repository: sftp:…, hostKey: … }' },
);
