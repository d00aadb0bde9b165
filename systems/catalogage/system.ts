import {
  asService,
  assemble,
  authorityOf,
  backupSecrets,
  beside,
  type Declaration,
  type Job,
  machines,
  type Process,
  postgres,
  postgresUrl,
  publicEdge,
  publicTls,
  runs,
  runtimes,
  type Source,
  type System,
  secret,
  tlsSecrets,
  urlPasswordFlaw,
} from 'berth';
import { localOptions } from './local.ts';
import { furtherSecrets, type Options, options } from './options.ts';

/**
 * Catalogage: nginx on one machine leads to a Node program that renders the pages and to the API that it calls, both
 * built from one commit. The data is in a PostgreSQL database: on a machine of its own, or elsewhere.
 */
const catalogage: System<Options> = {
  name: 'catalogage',
  options,
  roles: { web: { slot: 0 }, database: { slot: 1 } },
  pins: ['ref'],
  secrets: ({ secretVariables, ...options }) => ({
    ...databaseSecrets(options),
    ...(options.initdata !== false && {
      initdata: 'the file with the first data of the environment, as tools.initdata reads it',
    }),
    ...Object.fromEntries(secretVariables.map((name) => [furtherSecrets[name].name, furtherSecrets[name].what])),
    ...tlsSecrets(options),
  }),
  standInRepositories: [
    { repository: 'http://git.berth.test/catalogage.git', folder: beside(import.meta.url, 'repository'), tag: '1.0.0' },
  ],
  local: localOptions,
  secretFlaws: { databasePassword: urlPasswordFlaw },
  blueprint(options: Options): Declaration {
    const { domain } = options;
    const site = publicEdge({
      role: 'web',
      kind: 'nginx',
      sites: [
        { domain, prefix: '/', service: 'client' },
        { domain, prefix: '/api/', strip: true, service: 'server' },
      ],
      names: options,
      tls: publicTls(options, options.web.publish),
      uploads: options.uploads,
      // The page is rendered from the API's answers, so this probe checks both programs together
      probe: { path: '/' },
    });
    const heading = {
      ...{ system: 'catalogage', version: options.ref, url: site.url },
      probe: { path: '/.well-known/version' },
      ...(options.migrate !== false && {
        migrates: { runbook: 'systems/catalogage/README.md#a-migration-that-failed' },
      }),
    };
    return assemble(heading, [
      machines('web', options.web, { address: 'reserved' }),
      site,
      runs('web', server(options), client(options, site.url)),
      { roles: { web: { jobs: jobs(options) } } },
      ...(options.database ? ownDatabase(options.database) : []),
    ]);
  },
};

export default catalogage;

const clientPort = 3000;
const serverPort = 3579;

const database = {
  ...{ role: 'database', database: 'catalogage', user: 'catalogage' },
  ...{ password: 'databasePassword', exporterPassword: 'exporterPassword' },
};

const ownDatabase = ({ backups, ...machine }: NonNullable<Options['database']>) => [
  machines(database.role, machine, { address: 'public', volume: { sizeGb: machine.volumeGb } }),
  postgres({ ...database, calledBy: 'web', ...(backups && { backups: { system: 'catalogage', ...backups } }) }),
];

const databaseSecrets = ({ database: own }: Pick<Options, 'database'>): Record<string, string> =>
  own
    ? {
        databasePassword: "the application's password at its database: letters and digits, as it stands in a URL",
        exporterPassword: 'the password with which figures are read from the database',
        ...backupSecrets(own.backups),
      }
    : { databaseUrl: "the database's URL: postgresql+asyncpg://<user>:<password>@<host>:5432/<database>" };

/** A program of a machine is called by others of it alone, one of a pod by the ingress */
const hostOf = ({ images }: Options): string => (images ? '0.0.0.0' : '127.0.0.1');

/** Source of both programs; the URLs compiled into them are the same in every environment */
const source = ({ ref, repository, packages, build, ...options }: Options): Source => ({
  ...runtimes(options),
  repository,
  revision: ref,
  packages,
  env: {
    VITE_SERVER_MODE: 'live',
    VITE_API_BROWSER_URL: '/api',
    VITE_API_SSR_URL: `http://127.0.0.1:${serverPort}`,
  },
  build,
});

const server = (options: Options): Process => ({
  kind: 'process',
  name: 'server',
  source: source(options),
  ...(options.images && { image: options.images.server }),
  command: ['venv/bin/python', '-m', 'server.main'],
  folder: '.',
  env: {
    APP_SERVER_MODE: 'live',
    APP_HOST: hostOf(options),
    APP_DATABASE_URL: options.database
      ? postgresUrl('postgresql+asyncpg', database, 'ssl=verify-full')
      : secret('databaseUrl'),
    ...Object.fromEntries(options.secretVariables.map((name) => [name, secret(furtherSecrets[name].name)])),
  },
  settings: options.env,
  // Drivers of PostgreSQL read the authority of its certificate from the file that this variable names
  secretFiles: { ...options.secretFiles, ...(options.database && { PGSSLROOTCERT: authorityOf(database.role) }) },
  portVariable: 'APP_PORT',
  loopback: serverPort,
  calls: [],
  rollout: 'colours',
  health: { path: '/openapi.json', deadlineSeconds: 60 },
  memoryMb: 300,
  stopSeconds: 60,
});

const jobs = (options: Options): Job[] => [
  ...(options.migrate === false ? [] : [migration(options, options.migrate)]),
  ...(options.initdata === false ? [] : [firstData(options, options.initdata)]),
];

/** Runs before anything of a commit starts: one that fails leaves code and schema as they were */
const migration = (options: Options, command: readonly string[]): Job => ({
  name: 'migrate',
  when: { release: true },
  steps: [asService(server(options), { command })],
  deadlineSeconds: 1800,
  onceAcrossMachines: true,
});

/** Only when asked: what is there already stays as it is, as tools.initdata has it */
const firstData = (options: Options, command: readonly string[] | true): Job => {
  const program = server(options);
  const secretFiles = { ...program.secretFiles, INITDATA_FILE: secret('initdata') };
  return {
    name: 'initdata',
    when: { asked: true },
    steps: [asService(program, { command: command === true ? loadFirstData : command, secretFiles })],
    deadlineSeconds: 600,
    onceAcrossMachines: true,
  };
};

const loadFirstData = ['sh', '-c', 'exec venv/bin/python -m tools.initdata --no-input "$INITDATA_FILE"'];

const client = (options: Options, url: string): Process => ({
  kind: 'process',
  name: 'client',
  source: source(options),
  ...(options.images && { image: options.images.client }),
  command: ['node', './build'],
  folder: 'client',
  env: { NODE_ENV: 'production', HOST: hostOf(options), ORIGIN: url },
  portVariable: 'PORT',
  loopback: clientPort,
  calls: ['server'],
  rollout: 'colours',
  // A page that needs no API call: on a new machine the edge has no route to the API yet
  health: { path: '/login', deadlineSeconds: 60 },
  memoryMb: 200,
  stopSeconds: 60,
});
