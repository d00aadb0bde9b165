import { machineFact } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { ref, secret, text, type Value } from '../model/value.ts';
import { type BackupInput, backups } from './backups/backups.ts';
import { databaseDumps } from './backups/databaseDumps.ts';
import { authorityFile, certificateFile, certificateKeyFile, clientFiles, serverFiles } from './certificates.ts';
import type { Contribution } from './contribution.ts';

/** Ports of the server and of its exporter on the same machine */
export const postgresPort = 5432;
export const postgresExporterPort = 9187;

export interface PostgresInput {
  /** A role for the database alone: one machine with a data disk */
  role: string;
  /** Role that connects to the database */
  calledBy: string;
  /** The database and its owner, the application's user */
  database: string;
  user: string;
  /** Names of secrets; users get changed ones when the server starts anew, which a changed one makes it do */
  password: string;
  exporterPassword: string;
  /** Memory that its machine has at least, in MB. The server takes its settings from what the machine has. @default 768 */
  memoryMb?: number;
  /** Backups of the database. @default none */
  backups?: BackupInput;
}

/** Returns the URL of a database on the first machine of a role; its password has to fit one (`urlPasswordFlaw`) */
export const postgresUrl = (
  scheme: string,
  { role, database, user, password }: Pick<PostgresInput, 'role' | 'database' | 'user' | 'password'>,
  parameters: string,
): Value =>
  text`${scheme}://${user}:${secret(password)}@${ref(machineFact(role, 0, 'privateAddress'))}:${`${postgresPort}`}/${database}?${parameters}`;

/**
 * Returns a PostgreSQL server for one role, an exporter whose user may look and no more, and the jobs of its backups.
 * Over the network the server accepts only TLS, with a certificate of the system's own authority, which clients get by
 * `authorityOf`. Its administrator, `postgres`, comes in by the server's socket and has no password.
 */
export const postgres = (input: PostgresInput): Contribution => ({
  ...services(input),
  rules: [
    {
      from: { role: input.calledBy },
      to: input.role,
      port: postgresPort,
      protocol: 'tcp',
      why: 'the application reads and writes its database',
      encrypted: true,
    },
  ],
  exporters: [
    {
      ...{ job: 'postgres', of: 'PostgreSQL', role: input.role, count: 1 },
      ...{ port: postgresExporterPort, service: 'postgres-exporter' },
    },
  ],
});

function services(input: PostgresInput): Contribution {
  const one = server(input);
  const own = { services: [one, exporter(input)], certificate: { services: [one.name] } };
  if (!input.backups) return { roles: { [input.role]: own } };
  const { database, user, backups: options } = input;
  const dumps = databaseDumps(
    { kind: 'postgres', system: options.system, database, user },
    { ...one, mounts: [socket] },
  );
  const { jobs, buckets } = backups(options, dumps);
  return { roles: { [input.role]: { ...own, jobs } }, buckets };
}

/** The image's user */
const user = '999:999';

const folder = '/etc/berth';

const socketFolder = '/var/run/postgresql';
const socket = {
  ...({ kind: 'data', name: 'postgres-socket', path: socketFolder } as const),
  ...{ readOnly: false, perRelease: false },
};

const scripts = ['start.sh', 'version.sh', 'users.sql', 'pg_hba.conf', 'pg_ident.conf'];

const server = ({ database, memoryMb = 768, ...input }: PostgresInput): Container => ({
  kind: 'container',
  name: 'postgres',
  image: 'docker.io/library/postgres:17.6',
  // Not as the entry point, which would run what is run beside the server, too
  command: ['bash', `${folder}/start.sh`],
  env: {
    POSTGRES_DB: database,
    POSTGRES_USER: input.user,
    POSTGRES_PASSWORD: secret(input.password),
    EXPORTER_PASSWORD: secret(input.exporterPassword),
    CERTIFICATE: certificateFile,
    CERTIFICATE_KEY: certificateKeyFile,
  },
  port: postgresPort,
  exposed: postgresPort,
  calls: [],
  config: {
    path: folder,
    files: {
      ...Object.fromEntries(scripts.map((name) => [name, { template: `postgres/${name}`, values: {} }])),
      'memory.sh': { template: 'databases/memory.sh', values: {} },
    },
  },
  secretFiles: serverFiles(input.role),
  mounts: [
    {
      ...{ kind: 'data', name: 'postgres', path: '/var/lib/postgresql/data' },
      ...{ readOnly: false, perRelease: false, owner: user },
    },
    // Jobs come in by it as the administrator, who does not come over the network
    { ...socket, owner: user },
  ],
  rollout: 'replace',
  health: {
    // Over TCP, because the server listens only on a socket of its own while it brings its users to the release
    command: [
      'sh',
      '-c',
      `PGPASSWORD="$POSTGRES_PASSWORD" PGSSLMODE=verify-full PGSSLROOTCERT=${authorityFile} psql --no-psqlrc --host 127.0.0.1 --username "$POSTGRES_USER" --command "SELECT 1" "$POSTGRES_DB"`,
    ],
    deadlineSeconds: 180,
  },
  check: ['bash', `${folder}/version.sh`],
  checksData: true,
  prompt: { user: prompt(input.user, database), administrator: prompt('postgres', database) },
  memoryMb,
  wholeMachine: true,
  cpus: 2,
  user,
  // Ends connections instead of waiting until clients end them
  stopSignal: 'SIGINT',
  // The server flushes its memory to disk before it stops
  stopSeconds: 120,
});

/** By the socket, in a container of its own, where the server's own user may be any of the database's */
const prompt = (as: string, database: string): readonly string[] => [
  ...['psql', '--host', socketFolder, '--username', as, '--dbname', database],
];

const exporter = ({ role, exporterPassword }: PostgresInput): Container => ({
  kind: 'container',
  name: 'postgres-exporter',
  image: 'quay.io/prometheuscommunity/postgres-exporter:v0.17.1',
  // Since when the server is up is among what it leaves out by default
  command: ['--collector.postmaster'],
  env: {
    DATA_SOURCE_URI: `postgres:${postgresPort}/postgres?sslmode=verify-full&sslrootcert=${authorityFile}`,
    DATA_SOURCE_USER: 'exporter',
    DATA_SOURCE_PASS: secret(exporterPassword),
  },
  port: postgresExporterPort,
  exposed: postgresExporterPort,
  calls: ['postgres'],
  secretFiles: clientFiles(role),
  mounts: [],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${postgresExporterPort}/`],
    deadlineSeconds: 30,
  },
  memoryMb: 64,
  cpus: 0.25,
  user: '65533:65533',
  stopSeconds: 10,
});
