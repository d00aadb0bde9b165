import {
  beside,
  type Declaration,
  dataMachineOptions,
  domainName,
  emailAddress,
  environmentVariables,
  exporterRules,
  grafana,
  imageReference,
  laravel,
  loneMachineOptions,
  machines,
  mysql,
  mysqlExporterPort,
  mysqlPort,
  nodeExporter,
  nodeExporterPort,
  operatorAccess,
  otherNames,
  passwordLinesFlaw,
  prometheus,
  publicEdge,
  type System,
  secret,
  secretFiles,
  targetsOf,
  uploads,
  version,
  workerOptions,
  z,
} from 'berth';

const options = z.strictObject({
  version: version.describe('the release of the application, for example 1.0.0'),
  domain: domainName.describe('what every public name stands under: app., prometheus., alerts. and grafana.'),
  alsoAt: otherNames.alsoAt.describe('further public names at which the application answers'),
  redirectFrom: otherNames.redirectFrom.describe(
    'public names that redirect to the application, with the path that was asked for',
  ),
  contact: emailAddress.describe('where the certificate authority writes to'),
  app: loneMachineOptions.describe('the machine of the application'),
  database: dataMachineOptions.describe('the machine of the database: 4 GB of memory or more'),
  monitoring: dataMachineOptions.describe('the machine that watches the others: 4 GB of memory or more'),
  retentionDays: z.int().min(1).max(400).default(30).describe('how long figures are kept'),
  env: environmentVariables().default({}).describe('further settings of the application, passed as they are'),
  secretFiles: secretFiles.default({}),
  uploads,
  workers: workerOptions.exactOptional(),
  scheduler: z
    .boolean()
    .default(false)
    .describe('whether the application has tasks by the clock: `php artisan schedule:run` at each minute'),
  images: z
    .strictObject({ app: imageReference.optional() })
    .default({})
    .describe('another image than the published one of this version'),
});

type Options = z.infer<typeof options>;

/** A web application counts in a MySQL database, with workers and a clock if asked for; a third machine watches both, and only there one may look at it */
const lostops: System<Options> = {
  name: 'lostops',
  options,
  roles: { app: { slot: 0 }, database: { slot: 1 }, monitoring: { slot: 2 } },
  pins: ['version', 'images'],
  secrets: () => ({
    appKey: 'the key that the application seals cookies with: `php artisan key:generate --show`',
    databasePassword: "the application's password at the database, set when its disk is new",
    databaseRootPassword: "the database administrator's password, set when its disk is new",
    exporterPassword: 'the password with which figures are read from the database, set when its disk is new',
    grafanaPassword: "the password of Grafana's user admin, set when its disk is new",
    monitoringUsers: 'who may open Prometheus and Alertmanager, a line each: `htpasswd -nB <name>`',
  }),
  secretFlaws: { monitoringUsers: passwordLinesFlaw },
  standIns: ['1.0.0', '1.0.1'].map((version) => ({
    image: image(version),
    folder: beside(import.meta.url, 'images/app'),
    arguments: { VERSION: version },
  })),
  blueprint(options: Options): Declaration {
    const domain = (name: string) => `${name}.${options.domain}`;
    const login = { users: secret('monitoringUsers') };
    const app = publicEdge({
      role: 'app',
      sites: [{ domain: domain('app'), prefix: '/', service: 'app' }],
      names: options,
      tls: acme(options, options.app),
      uploads: options.uploads,
    });
    const application = applicationOf(options, app.url);
    const monitoring = publicEdge({
      role: 'monitoring',
      sites: [
        { domain: domain('prometheus'), prefix: '/', service: 'prometheus', ...login },
        { domain: domain('alerts'), prefix: '/', service: 'alertmanager', ...login },
        { domain: domain('grafana'), prefix: '/', service: 'grafana' },
      ],
      tls: acme(options, options.monitoring),
      uploads: options.uploads,
    });
    const data = ({ volumeGb }: { volumeGb: number }) => ({ address: 'public', volume: { sizeGb: volumeGb } }) as const;
    return {
      system: 'lostops',
      version: options.version,
      url: app.url,
      probe: { path: healthPath },
      roles: {
        app: {
          ...machines(options.app, { address: 'reserved' }),
          edge: app.edge,
          services: [...application.services, nodeExporter('by machines')],
          jobs: application.jobs,
        },
        database: {
          ...machines(options.database, data(options.database)),
          services: [...database, nodeExporter('by machines')],
        },
        monitoring: {
          ...machines(options.monitoring, { ...data(options.monitoring), address: 'reserved' }),
          edge: monitoring.edge,
          services: [
            ...prometheus({
              targets: [...targetsOf('lostops', exporters), ...ownTargets],
              url: `https://${domain('prometheus')}`,
              alertsUrl: `https://${domain('alerts')}`,
              retentionDays: options.retentionDays,
              volumeGb: options.monitoring.volumeGb,
              memoryMb: 1500,
            }),
            grafana({ url: `https://${domain('grafana')}`, password: 'grafanaPassword' }),
            nodeExporter('by services'),
          ],
        },
      },
      rules: [
        ...app.rules,
        ...monitoring.rules,
        {
          from: { role: 'app' },
          to: 'database',
          port: mysqlPort,
          protocol: 'tcp',
          why: 'the application reads and writes its database',
        },
        ...exporterRules(exporters, 'monitoring'),
        ...['app', 'database', 'monitoring'].map(operatorAccess),
      ],
      buckets: [],
      logStreams: [],
      caches: [],
      balancers: [],
      records: [...app.records, ...monitoring.records],
      // A release brings the schema to its version before the application starts
      migrates: { runbook: 'systems/lostops/README.md#a-deployment-that-failed' },
    };
  },
};

export default lostops;

function image(version: string): string {
  return `ghcr.io/lostops-stg5/lostops-app:${version}`;
}

/** Asks the database, and answers with the application's version */
const healthPath = '/health';
const databaseName = 'lostops';
const databaseUser = 'lostops';

const exporters = [
  { job: 'node', of: 'the machine', role: 'app', count: 1, port: nodeExporterPort },
  { job: 'node', of: 'the machine', role: 'database', count: 1, port: nodeExporterPort },
  { job: 'mysql', of: 'MySQL', role: 'database', count: 1, port: mysqlExporterPort },
];

/** On the machine of Prometheus itself */
const ownTargets = [
  { job: 'node', machine: 'lostops-monitoring-0', address: `node-exporter:${nodeExporterPort}` },
  { job: 'prometheus', machine: 'lostops-monitoring-0', address: 'prometheus:9090' },
  { job: 'alertmanager', machine: 'lostops-monitoring-0', address: 'alertmanager:9093' },
];

const database = mysql({
  database: databaseName,
  user: databaseUser,
  password: 'databasePassword',
  rootPassword: 'databaseRootPassword',
  exporterPassword: 'exporterPassword',
  memoryMb: 2560,
  bufferPoolMb: 1024,
});

function acme({ contact }: Options, { publish }: Options['app']) {
  const httpsPort = publish?.[443];
  return { kind: 'acme', contact, ...(httpsPort && { httpsPort }) } as const;
}

const applicationOf = (options: Options, url: string): ReturnType<typeof laravel> =>
  laravel({
    image: options.images.app ?? image(options.version),
    url,
    healthPath,
    key: 'appKey',
    database: { role: 'database', name: databaseName, user: databaseUser, password: 'databasePassword' },
    settings: options.env,
    secretFiles: options.secretFiles,
    uploads: options.uploads,
    ...(options.workers && { workers: options.workers }),
    scheduler: options.scheduler,
  });
