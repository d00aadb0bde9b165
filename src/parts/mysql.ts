import type { Container } from '../model/service.ts';
import { secret } from '../model/value.ts';
import { type BackupInput, backups } from './backups/backups.ts';
import { databaseDumps } from './backups/databaseDumps.ts';
import { authorityFile, certificateFile, certificateKeyFile, clientFiles, serverFiles } from './certificates.ts';
import type { Contribution } from './contribution.ts';

/** Ports of the server and of its exporter on the same machine */
export const mysqlPort = 3306;
export const mysqlExporterPort = 9104;

export interface MysqlInput {
  /** A role for the database alone: one machine with a data disk */
  role: string;
  /** Role that connects to the database */
  calledBy: string;
  /** The database and its only user */
  database: string;
  user: string;
  /** Names of secrets; users get changed ones when the server starts anew, which a changed one makes it do */
  password: string;
  rootPassword: string;
  exporterPassword: string;
  /** Memory that its machine has at least, in MB. The server takes its settings from what the machine has */
  memoryMb: number;
  /** Backups of the database. @default none */
  backups?: BackupInput;
}

/**
 * Returns a MySQL server for one role, an exporter whose user has read-only access, and the jobs of its backups. Over the
 * network the server accepts only TLS, with a certificate of the system's own authority.
 */
export const mysql = (input: MysqlInput): Contribution => ({
  ...services(input),
  rules: [
    {
      from: { role: input.calledBy },
      to: input.role,
      port: mysqlPort,
      protocol: 'tcp',
      why: 'the application reads and writes its database',
      encrypted: true,
    },
  ],
  exporters: [
    { job: 'mysql', of: 'MySQL', role: input.role, count: 1, port: mysqlExporterPort, service: 'mysqld-exporter' },
  ],
});

function services(input: MysqlInput): Contribution {
  const one = server(input);
  const own = { services: [one, exporter(input)], certificate: { services: [one.name] } };
  if (!input.backups) return { roles: { [input.role]: own } };
  const { database, user, backups: options } = input;
  const env = { ROOT_PASSWORD: secret(input.rootPassword) };
  const dumps = databaseDumps(
    { kind: 'mysql', system: options.system, database, user, env },
    { ...one, mounts: [socket] },
  );
  const { jobs, buckets } = backups(options, dumps);
  return { roles: { [input.role]: { ...own, jobs } }, buckets };
}

/** The image's user */
const user = '999:999';

/** What the image runs when its disk is empty */
const startFolder = '/docker-entrypoint-initdb.d';

const socketFolder = '/var/run/mysqld';
const socket = {
  ...({ kind: 'data', name: 'mysql-socket', path: socketFolder } as const),
  ...{ readOnly: false, perRelease: false },
};

/** Data of one series are not those of another */
const series = '8.0';

const server = (input: MysqlInput): Container => ({
  kind: 'container',
  name: 'mysql',
  image: `docker.io/library/mysql:${series}.43`,
  command: [
    // Not as the entry point, which would run what is run beside the server, too
    ...['bash', `${startFolder}/start.bash`],
    'mysqld',
    // The default paths are on a read-only file system
    ...[`--socket=${socketFolder}/mysqld.sock`, '--pid-file=/tmp/mysqld.pid', '--mysqlx=0'],
    // Sorts that exceed memory use the data disk
    '--tmpdir=/var/tmp/mysql',
    // Keeps the binary log for three days; the default of thirty days may exceed the disk
    '--binlog-expire-logs-seconds=259200',
    // Jobs and prompts come in by the socket, which counts as secure
    ...['--require-secure-transport=ON', `--ssl-cert=${certificateFile}`, `--ssl-key=${certificateKeyFile}`],
  ],
  env: {
    MYSQL_DATABASE: input.database,
    MYSQL_USER: input.user,
    MYSQL_PASSWORD: secret(input.password),
    MYSQL_ROOT_PASSWORD: secret(input.rootPassword),
    // Root can connect only from inside the container
    MYSQL_ROOT_HOST: 'localhost',
    MYSQL_SERIES: series,
    EXPORTER_PASSWORD: secret(input.exporterPassword),
  },
  port: mysqlPort,
  exposed: mysqlPort,
  calls: [],
  config: {
    path: startFolder,
    files: {
      'exporter.sh': { template: 'mysql/exporter.sh', values: {} },
      'series.sh': { template: 'mysql/series.sh', values: {} },
      // By their names no scripts of the first start
      'start.bash': { template: 'mysql/start.sh', values: {} },
      'version.bash': { template: 'mysql/version.sh', values: {} },
      'memory.bash': { template: 'databases/memory.sh', values: {} },
    },
  },
  secretFiles: serverFiles(input.role),
  mounts: [
    { kind: 'data', name: 'mysql', path: '/var/lib/mysql', readOnly: false, perRelease: false, owner: user },
    // Jobs come in by it as the administrator, who does not come over the network
    { ...socket, owner: user },
    { kind: 'data', name: 'mysql-temporary', path: '/var/tmp/mysql', readOnly: false, perRelease: false, owner: user },
  ],
  rollout: 'replace',
  health: {
    // Over TCP, because the server listens only on its socket while the first start creates its users
    command: [
      'sh',
      '-c',
      `MYSQL_PWD="$MYSQL_PASSWORD" mysql --host 127.0.0.1 --ssl-ca ${authorityFile} --user "$MYSQL_USER" --execute "SELECT 1" "$MYSQL_DATABASE"`,
    ],
    deadlineSeconds: 180,
  },
  check: ['bash', `${startFolder}/version.bash`],
  checksData: true,
  prompt: {
    user: prompt('MYSQL_PWD="$MYSQL_PASSWORD"', '"$MYSQL_USER"'),
    administrator: prompt('MYSQL_PWD="$MYSQL_ROOT_PASSWORD"', 'root'),
  },
  memoryMb: input.memoryMb,
  wholeMachine: true,
  cpus: 2,
  user,
  // The server flushes its memory to disk before it stops
  stopSeconds: 120,
});

/** By the socket, in a container of its own; the password is in its environment */
const prompt = (password: string, as: string): readonly string[] => [
  ...['sh', '-c'],
  `${password} exec mysql --socket ${socketFolder}/mysqld.sock --user ${as} "$MYSQL_DATABASE" "$@"`,
  'mysql',
];

const exporterFolder = '/etc/berth';

const exporter = ({ role, exporterPassword }: MysqlInput): Container => ({
  kind: 'container',
  name: 'mysqld-exporter',
  image: 'docker.io/prom/mysqld-exporter:v0.17.2',
  command: [
    ...[`--mysqld.address=mysql:${mysqlPort}`, '--mysqld.username=exporter'],
    `--config.my-cnf=${exporterFolder}/client.cnf`,
  ],
  env: { MYSQLD_EXPORTER_PASSWORD: secret(exporterPassword) },
  port: mysqlExporterPort,
  exposed: mysqlExporterPort,
  calls: ['mysql'],
  config: { path: exporterFolder, files: { 'client.cnf': { text: `[client]\nssl-ca = ${authorityFile}\n` } } },
  secretFiles: clientFiles(role),
  mounts: [],
  rollout: 'replace',
  health: { command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${mysqlExporterPort}/`], deadlineSeconds: 30 },
  memoryMb: 64,
  cpus: 0.25,
  user: '65533:65533',
  stopSeconds: 10,
});
