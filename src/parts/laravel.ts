import { asService, type Job } from '../model/job.ts';
import { machineFact } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { type Uploads, uploadsMb } from '../model/uploads.ts';
import { ref, secret, type Value } from '../model/value.ts';
import { authorityFile, clientFiles } from './certificates.ts';
import type { Contribution } from './contribution.ts';
import { mysqlPort } from './mysql.ts';

export interface LaravelInput {
  role: string;
  image: string;
  /** Public URL */
  url: string;
  /** Path that queries the database and answers 2xx when the application is healthy */
  healthPath: string;
  /** Name of the secret with which cookies are encrypted (`APP_KEY`) */
  key: string;
  /** Server of the part `mysql` on the first machine of a role; `password` is the name of a secret */
  database: { role: string; name: string; user: string; password: string };
  /** Further variables from the environment file; `QUEUE_CONNECTION` selects another queue */
  settings: Readonly<Record<string, Value>>;
  secretFiles: NonNullable<Container['secretFiles']>;
  /** Limits of uploads, which are buffered in /tmp */
  uploads: Uploads;
  /** Workers of the queue, which is in the application's database. @default no workers, and no queue */
  workers?: Workers;
  /** Whether scheduled tasks run. The role must have one machine, since each machine would run them */
  scheduler: boolean;
}

export interface Workers {
  /** Number of jobs that run at once; with 0 all jobs wait */
  count: number;
  /** Arguments of `php artisan` */
  command: readonly string[];
  memoryMb: number;
  /** Seconds that a running job may take to finish when its worker is replaced */
  stopSeconds: number;
}

/**
 * Returns a Laravel application: web server, queue workers and scheduler, from one image with the same settings. A
 * release migrates before it starts any of them. It replaces workers and scheduler when the new web server is healthy
 * and before the web server gets requests, so that old code uses the new schema for at most one job. If one of them
 * does not start, the release fails.
 */
export const laravel = (input: LaravelInput): Contribution => ({
  roles: {
    [input.role]: {
      services: [
        web(input),
        ...(input.workers ? workers(input, input.workers) : []),
        ...(input.scheduler ? [scheduler(input)] : []),
      ],
      jobs: [migration(input)],
    },
  },
});

/** If the migration fails, the release fails before it starts any container */
const migration = (input: LaravelInput): Job => ({
  name: 'migrate',
  when: { release: true },
  steps: [
    asService(web(input), {
      command: ['php', 'artisan', 'migrate', '--force'],
      memoryMb: 256,
      scratchMb: 0,
      cpus: 1,
      stopSignal: 'SIGTERM',
      stopSeconds: 10,
    }),
  ],
  deadlineSeconds: 1800,
  onceAcrossMachines: true,
});

const web = (input: LaravelInput): Container => ({
  ...common(input),
  name: 'app',
  command: ['apache2-foreground'],
  env: variables(input, { APACHE_RUN_DIR: '/tmp', APACHE_LOCK_DIR: '/tmp', APACHE_PID_FILE: '/tmp/apache2.pid' }),
  port: 80,
  rollout: 'colours',
  health: { path: input.healthPath, command: ['php', '-r', asksItself(input.healthPath)], deadlineSeconds: 120 },
  memoryMb: 512,
  scratchMb: uploadsMb(input.uploads),
  cpus: 2,
  stopSeconds: 30,
});

/**
 * Each worker runs one job at a time. PHP without pcntl stops in the middle of a job: an image without it is refused
 */
const workers = (input: LaravelInput, { count, command, memoryMb, stopSeconds }: Workers): readonly Container[] =>
  Array.from({ length: count }, (_, index) => ({
    ...withoutPort(input),
    name: `worker-${index}`,
    command: ['php', 'artisan', ...command],
    ...(index === 0 && { check: ['php', '-r', endsItsJob] }),
    memoryMb,
    cpus: 1,
    stopSeconds,
  }));

const scheduler = (input: LaravelInput): Container => ({
  ...withoutPort(input),
  name: 'scheduler',
  command: ['sh', '/etc/berth/schedule.sh'],
  config: { path: '/etc/berth', files: { 'schedule.sh': { template: 'laravel/schedule.sh', values: {} } } },
  memoryMb: 256,
  cpus: 0.5,
  stopSeconds: 90,
});

/**
 * Fields of all its containers. The image holds no secrets or settings of an environment; the application writes only
 * to /tmp, to cookies and to the database.
 */
const common = ({ image, settings, secretFiles, database }: LaravelInput) =>
  ({
    kind: 'container',
    image,
    calls: [],
    settings,
    secretFiles: { ...secretFiles, ...clientFiles(database.role) },
    mounts: [],
    // The web server's user in the image
    user: '33:33',
  }) as const;

/** Replaces the image's stop signal, which only the web server handles */
const withoutPort = (input: LaravelInput) =>
  ({ ...common(input), env: variables(input), rollout: 'replace', stopSignal: 'SIGTERM' }) as const;

/** @param own additional variables of one kind of container */
const variables = (input: LaravelInput, own: Container['env'] = {}): Container['env'] => ({
  ...{ APP_ENV: 'production', APP_DEBUG: 'false', APP_URL: input.url, APP_KEY: secret(input.key) },
  ...{ LOG_CHANNEL: 'stderr', SESSION_DRIVER: 'cookie', CACHE_DRIVER: 'array', VIEW_COMPILED_PATH: '/tmp' },
  ...{ APP_CONFIG_CACHE: '/tmp/config.php', APP_PACKAGES_CACHE: '/tmp/packages.php' },
  ...{ APP_ROUTES_CACHE: '/tmp/routes.php', APP_SERVICES_CACHE: '/tmp/services.php' },
  ...own,
  DB_CONNECTION: 'mysql',
  DB_HOST: ref(machineFact(input.database.role, 0, 'privateAddress')),
  DB_PORT: `${mysqlPort}`,
  DB_DATABASE: input.database.name,
  DB_USERNAME: input.database.user,
  DB_PASSWORD: secret(input.database.password),
  // With it, the framework talks to the database by TLS alone and checks its certificate
  MYSQL_ATTR_SSL_CA: authorityFile,
  ...(input.workers && !('QUEUE_CONNECTION' in input.settings) && { QUEUE_CONNECTION: 'database' }),
});

const asksItself = (path: string): string =>
  '$alone = stream_context_create(["http" => ["follow_location" => 0, "timeout" => 3]]);' +
  ` @file_get_contents("http://127.0.0.1${path}", false, $alone);` +
  ' exit(preg_match("/ 2/", $http_response_header[0] ?? "") ? 0 : 1);';

const endsItsJob =
  'if (!extension_loaded("pcntl")) { echo "its PHP has no pcntl, without which a worker can not end its job"; exit(1); }';
