import {
  assemble,
  backupSecrets,
  beside,
  type Declaration,
  fields,
  laravel,
  machines,
  mysql,
  publicEdge,
  publicTls,
  type System,
  z,
} from 'berth';

const options = z.strictObject({
  version: fields.version.describe('the release of the application, for example 1.0.0'),
  domain: fields.domain.describe('what every public name stands under: app., and those of its monitoring'),
  alsoAt: fields.otherNames.alsoAt.describe('further public names at which the application answers'),
  redirectFrom: fields.otherNames.redirectFrom.describe(
    'public names that redirect to the application, with the path that was asked for',
  ),
  contact: fields.email.describe('where the certificate authority writes to'),
  app: fields.loneMachine.describe('the machine of the application'),
  database: fields.dataMachine.describe('the machine of the database: 4 GB of memory or more'),
  env: fields.env().default({}).describe('further settings of the application, passed as they are'),
  secretFiles: fields.secretFiles.default({}),
  uploads: fields.uploads,
  workers: fields.workers.exactOptional(),
  scheduler: z
    .boolean()
    .default(false)
    .describe('whether the application has tasks by the clock: `php artisan schedule:run` at each minute'),
  backups: fields.backups.exactOptional(),
  images: z
    .strictObject({ app: fields.image.optional() })
    .default({})
    .describe('another image than the published one of this version'),
});

type Options = z.infer<typeof options>;

/**
 * Lostops: a web application with a MySQL database, optional workers and an optional scheduler
 */
const lostops: System<Options> = {
  name: 'lostops',
  options,
  roles: { app: { slot: 0 }, database: { slot: 1 }, monitoring: { slot: 2 } },
  pins: ['version', 'images'],
  secrets: ({ backups }) => ({
    appKey: 'the key that the application seals cookies with: `php artisan key:generate --show`',
    databasePassword: "the application's password at the database",
    databaseRootPassword: "the database administrator's password",
    exporterPassword: 'the password with which figures are read from the database',
    ...backupSecrets(backups),
  }),
  secretForms: { appKey: { kind: 'key', prefix: 'base64:', bytes: 32 } },
  local: {
    ...{ version: '1.0.0', domain: 'lostops.localhost', contact: 'ops@example.org' },
    ...{ workers: {}, scheduler: true },
    app: { size: 'small', publish: { 443: 8444 } },
    database: { size: 'medium' },
    monitoring: { size: 'medium', publish: { 443: 8445 } },
  },
  standIns: ['1.0.0', '1.0.1'].map((version) => ({
    image: image(version),
    folder: beside(import.meta.url, 'images/app'),
    arguments: { VERSION: version },
  })),
  blueprint(options: Options): Declaration {
    const site = publicEdge({
      role: 'app',
      sites: [{ domain: `app.${options.domain}`, prefix: '/', service: 'app' }],
      names: options,
      tls: publicTls({ tls: 'acme', ...options }, options.app.publish),
      uploads: options.uploads,
    });
    const data = mysql({
      ...{ role: 'database', calledBy: 'app', database: 'lostops', user: 'lostops' },
      ...{ password: 'databasePassword', rootPassword: 'databaseRootPassword', exporterPassword: 'exporterPassword' },
      memoryMb: 2560,
      ...(options.backups && { backups: { system: 'lostops', ...options.backups } }),
    });
    const heading = {
      ...{ system: 'lostops', version: options.version, url: site.url, domain: options.domain },
      probe: { path: healthPath },
    };
    // A release migrates the database schema before the application starts
    const migrates = { runbook: 'systems/lostops/README.md#a-deployment-that-failed' };
    return assemble({ ...heading, migrates }, [
      machines('app', options.app, { address: 'reserved' }),
      machines('database', options.database, { address: 'public', volume: { sizeGb: options.database.volumeGb } }),
      site,
      application(options, site.url),
      data,
    ]);
  },
};

export default lostops;

function image(version: string): string {
  return `ghcr.io/lostops-stg5/lostops-app:${version}`;
}

/** Queries the database and returns the application's version */
const healthPath = '/health';

const application = (options: Options, url: string) =>
  laravel({
    role: 'app',
    image: options.images.app ?? image(options.version),
    url,
    healthPath,
    key: 'appKey',
    database: { role: 'database', name: 'lostops', user: 'lostops', password: 'databasePassword' },
    settings: options.env,
    secretFiles: options.secretFiles,
    uploads: options.uploads,
    ...(options.workers && { workers: options.workers }),
    scheduler: options.scheduler,
  });
