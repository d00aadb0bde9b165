import {
  assemble,
  backupSecrets,
  beside,
  type Declaration,
  type Environment,
  fields,
  grafana,
  laravel,
  machines,
  mysql,
  nodeExporter,
  type ProbedSite,
  passwordLinesFlaw,
  prometheus,
  publicEdge,
  publicTls,
  type System,
  secret,
  z,
} from 'berth';

const options = z.strictObject({
  version: fields.version.describe('the release of the application, for example 1.0.0'),
  domain: fields.domain.describe('what every public name stands under: app., prometheus., alerts. and grafana.'),
  alsoAt: fields.otherNamesFields.alsoAt.describe('further public names at which the application answers'),
  redirectFrom: fields.otherNamesFields.redirectFrom.describe(
    'public names that redirect to the application, with the path that was asked for',
  ),
  contact: fields.email.describe('where the certificate authority writes to'),
  app: fields.loneMachine.describe('the machine of the application'),
  database: fields.dataMachine.describe('the machine of the database: 4 GB of memory or more'),
  monitoring: fields.dataMachine.describe('the machine that watches the others: 4 GB of memory or more'),
  retentionDays: z.int().min(1).max(400).default(30).describe('how long figures are kept'),
  alerts: fields.alerts.exactOptional(),
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
 * Lostops: a web application with a MySQL database, optional workers and an optional scheduler. A third machine
 * monitors both; its pages require a login.
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
    grafanaPassword: "the password of Grafana's user admin, set when its disk is new",
    ...backupSecrets(backups),
    monitoringUsers: 'who may open Prometheus and Alertmanager, a line each: `htpasswd -nB <name>`',
  }),
  secretFlaws: { monitoringUsers: passwordLinesFlaw },
  standIns: ['1.0.0', '1.0.1'].map((version) => ({
    image: image(version),
    folder: beside(import.meta.url, 'images/app'),
    arguments: { VERSION: version },
  })),
  blueprint(options: Options, environment: Environment): Declaration {
    const domain = (name: string) => `${name}.${options.domain}`;
    const site = publicEdge({
      role: 'app',
      sites: [{ domain: domain('app'), prefix: '/', service: 'app' }],
      names: options,
      tls: publicTls({ tls: 'acme', ...options }, options.app.publish),
      uploads: options.uploads,
      watched: true,
    });
    const data = mysql({
      ...{ role: 'database', calledBy: 'app', database: 'lostops', user: 'lostops' },
      ...{ password: 'databasePassword', rootPassword: 'databaseRootPassword', exporterPassword: 'exporterPassword' },
      memoryMb: 2560,
      ...(options.backups && { backups: { system: 'lostops', ...options.backups } }),
    });
    const watched = [nodeExporter('app', 'by machines'), nodeExporter('database', 'by machines'), data, site];
    const itself = nodeExporter('monitoring', 'by services');
    const heading = { system: 'lostops', version: options.version, url: site.url, probe: { path: healthPath } };
    // A release migrates the database schema before the application starts
    const migrates = { runbook: 'systems/lostops/README.md#a-deployment-that-failed' };
    return assemble({ ...heading, migrates }, [
      machines('app', options.app, { address: 'reserved' }),
      machines('database', options.database, { address: 'public', volume: { sizeGb: options.database.volumeGb } }),
      machines('monitoring', options.monitoring, {
        address: 'reserved',
        volume: { sizeGb: options.monitoring.volumeGb },
      }),
      site,
      monitoringSite(options, domain),
      application(options, site.url),
      data,
      prometheus({
        ...{
          system: 'lostops',
          stack: environment.name,
          role: 'monitoring',
          exporters: [...watched, itself].flatMap((part) => part.exporters ?? []),
        },
        ...{ url: `https://${domain('prometheus')}`, alertsUrl: `https://${domain('alerts')}` },
        sites: sitesOf(options, domain),
        ...{ alerts: options.alerts, hours: hoursOf(options) },
        ...{ retentionDays: options.retentionDays, volumeGb: options.monitoring.volumeGb, memoryMb: 1500 },
      }),
      grafana({ role: 'monitoring', url: `https://${domain('grafana')}`, password: 'grafanaPassword' }),
      ...watched.filter((part) => part !== data && part !== site),
      itself,
    ]);
  },
};

export default lostops;

function image(version: string): string {
  return `ghcr.io/lostops-stg5/lostops-app:${version}`;
}

/** Public names that are asked as visitors ask them */
const sitesOf = ({ alsoAt, redirectFrom }: Options, domain: (name: string) => string): readonly ProbedSite[] => [
  ...[domain('app'), ...alsoAt].map((name) => ({ domain: name, role: 'app', path: healthPath })),
  ...redirectFrom.map((name) => ({ domain: name, role: 'app', path: '/', answers: 'redirect' as const })),
  ...['prometheus', 'alerts'].map((name) => ({
    ...{ domain: domain(name), role: 'monitoring', path: '/', answers: 'login' as const },
  })),
];

/** The hours of the roles that have some: nobody is told that their machines are off meanwhile */
const hoursOf = ({ app, database }: Options) =>
  Object.fromEntries(
    Object.entries({ app, database }).flatMap(([role, { schedule }]) => (schedule ? [[role, schedule] as const] : [])),
  );

/** Queries the database and returns the application's version */
const healthPath = '/health';

/** Prometheus and Alertmanager require a login from `monitoringUsers`; Grafana has its own login */
function monitoringSite(options: Options, domain: (name: string) => string) {
  const login = { users: secret('monitoringUsers') };
  return publicEdge({
    role: 'monitoring',
    sites: [
      { domain: domain('prometheus'), prefix: '/', service: 'prometheus', ...login },
      { domain: domain('alerts'), prefix: '/', service: 'alertmanager', ...login },
      { domain: domain('grafana'), prefix: '/', service: 'grafana' },
    ],
    tls: publicTls({ tls: 'acme', ...options }, options.monitoring.publish),
    uploads: options.uploads,
  });
}

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
