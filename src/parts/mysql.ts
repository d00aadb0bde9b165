import type { Container } from '../model/service.ts';
import { secret } from '../model/value.ts';
import { type Contribution, runs } from './contribution.ts';

/** Of every server, and of its exporter on the same machine */
export const mysqlPort = 3306;
export const mysqlExporterPort = 9104;

export interface MysqlInput {
  /** Its own, of one machine with a disk for its data */
  role: string;
  /** The role that reads and writes it */
  calledBy: string;
  /** The database and the one user that may use it, made at the first start on an empty disk and never again */
  database: string;
  user: string;
  /** Secrets by name */
  password: string;
  rootPassword: string;
  exporterPassword: string;
  /** What the server may take, of which the buffer pool is the given part */
  memoryMb: number;
  bufferPoolMb: number;
}

/** A MySQL server for the other machines of the system, with an exporter whose user may look and no more */
export const mysql = (input: MysqlInput): Contribution => ({
  ...runs(input.role, server(input), exporter(input)),
  rules: [
    {
      from: { role: input.calledBy },
      to: input.role,
      port: mysqlPort,
      protocol: 'tcp',
      why: 'the application reads and writes its database',
    },
  ],
  exporters: [
    { job: 'mysql', of: 'MySQL', role: input.role, count: 1, port: mysqlExporterPort, service: 'mysqld-exporter' },
  ],
});

/** The image's own user */
const user = '999:999';

const server = (input: MysqlInput): Container => ({
  kind: 'container',
  name: 'mysql',
  image: 'docker.io/library/mysql:8.0.43',
  command: [
    'mysqld',
    // Its own places lie on a file system that nobody may write to
    ...['--socket=/tmp/mysqld.sock', '--pid-file=/tmp/mysqld.pid', '--mysqlx=0'],
    // What does not fit in memory when it sorts has the disk's room
    '--tmpdir=/var/tmp/mysql',
    // Its log of changes has a bound: thirty days of it, which are its default, may be more than the disk has
    '--binlog-expire-logs-seconds=259200',
    `--innodb-buffer-pool-size=${input.bufferPoolMb}M`,
  ],
  env: {
    MYSQL_DATABASE: input.database,
    MYSQL_USER: input.user,
    MYSQL_PASSWORD: secret(input.password),
    MYSQL_ROOT_PASSWORD: secret(input.rootPassword),
    // From inside the container alone
    MYSQL_ROOT_HOST: 'localhost',
    EXPORTER_PASSWORD: secret(input.exporterPassword),
  },
  port: mysqlPort,
  exposed: mysqlPort,
  calls: [],
  config: {
    path: '/docker-entrypoint-initdb.d',
    files: { 'exporter.sh': { template: 'mysql/exporter.sh', values: {} } },
  },
  mounts: [
    { kind: 'data', name: 'mysql', path: '/var/lib/mysql', readOnly: false, perRelease: false, owner: user },
    { kind: 'data', name: 'mysql-temporary', path: '/var/tmp/mysql', readOnly: false, perRelease: false, owner: user },
  ],
  rollout: 'replace',
  health: {
    // Over TCP: while the first start makes its users, the server listens on its socket alone
    command: [
      'sh',
      '-c',
      'MYSQL_PWD="$MYSQL_PASSWORD" mysql --host 127.0.0.1 --user "$MYSQL_USER" --execute "SELECT 1" "$MYSQL_DATABASE"',
    ],
    deadlineSeconds: 180,
  },
  memoryMb: input.memoryMb,
  cpus: 2,
  user,
  // It writes what is in memory before it ends
  stopSeconds: 120,
});

const exporter = ({ exporterPassword }: MysqlInput): Container => ({
  kind: 'container',
  name: 'mysqld-exporter',
  image: 'docker.io/prom/mysqld-exporter:v0.17.2',
  command: [`--mysqld.address=mysql:${mysqlPort}`, '--mysqld.username=exporter'],
  env: { MYSQLD_EXPORTER_PASSWORD: secret(exporterPassword) },
  port: mysqlExporterPort,
  exposed: mysqlExporterPort,
  calls: ['mysql'],
  mounts: [],
  rollout: 'replace',
  health: { command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${mysqlExporterPort}/`], deadlineSeconds: 30 },
  memoryMb: 64,
  cpus: 0.25,
  user: '65533:65533',
  stopSeconds: 10,
});
