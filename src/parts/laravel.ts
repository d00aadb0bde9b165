import { asService, type Job } from '../model/job.ts';
import { machineFact } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { type Uploads, uploadsMb } from '../model/uploads.ts';
import { ref, secret, type Value } from '../model/value.ts';
import type { Contribution } from './contribution.ts';
import { mysqlPort } from './mysql.ts';

export interface LaravelInput {
  role: string;
  image: string;
  /** Where users find it */
  url: string;
  /** The path that asks the database, and answers 2xx when all is well */
  healthPath: string;
  /** The secret that cookies are sealed with, by name */
  key: string;
  /** A MySQL server on the first machine of a role; the password is a secret by name */
  database: { role: string; name: string; user: string; password: string };
  /** Further variables from the environment file, which may name another queue */
  settings: Readonly<Record<string, Value>>;
  secretFiles: NonNullable<Container['secretFiles']>;
  /** Limits of uploads, which are kept in /tmp while they arrive */
  uploads: Uploads;
  /** Workers of its queue, which is in its database. @default none: it has no queue */
  workers?: Workers;
  /** Whether it has tasks by the clock. Its role has one machine: on several, each would run them */
  scheduler: boolean;
}

export interface Workers {
  /** How many jobs are done at once; none leaves them waiting */
  count: number;
  /** The words after `php artisan` */
  command: readonly string[];
  memoryMb: number;
  /** The longest that a job under way may take when its worker is replaced */
  stopSeconds: number;
}

/**
 * A Laravel application: its web server, the workers of its queue and its clock, of one image with the same settings. A
 * release migrates before it starts any of them. Workers and clock follow when the web server is healthy, before visitors
 * are led to it: none is older than the schema for longer than its last job takes, and one that does not start stops the
 * release.
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

/** A schema that can't be brought to this release ends it before anything of it starts */
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

/** Each does one job at a time. PHP without pcntl would end in the middle of one: an image without it is refused */
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

/** Its image holds no secret and no setting of an environment; it writes to /tmp, to its users' cookies and to the database alone */
const common = ({ image, settings, secretFiles }: LaravelInput) =>
  ({
    kind: 'container',
    image,
    calls: [],
    settings,
    secretFiles,
    mounts: [],
    // The web server's own
    user: '33:33',
  }) as const;

/** The image's own signal is its web server's, which others don't heed */
const withoutPort = (input: LaravelInput) =>
  ({ ...common(input), env: variables(input), rollout: 'replace', stopSignal: 'SIGTERM' }) as const;

/** @param own what one kind of its containers is told besides */
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
  ...(input.workers && !('QUEUE_CONNECTION' in input.settings) && { QUEUE_CONNECTION: 'database' }),
});

const asksItself = (path: string): string =>
  '$alone = stream_context_create(["http" => ["follow_location" => 0, "timeout" => 3]]);' +
  ` @file_get_contents("http://127.0.0.1${path}", false, $alone);` +
  ' exit(preg_match("/ 2/", $http_response_header[0] ?? "") ? 0 : 1);';

const endsItsJob =
  'if (!extension_loaded("pcntl")) { echo "its PHP has no pcntl, without which a worker can not end its job"; exit(1); }';
