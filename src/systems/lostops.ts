import { z } from 'zod';
import {
  domainName,
  emailAddress,
  environmentVariables,
  imageReference,
  otherNames,
  secretFiles,
  uploads,
  version,
} from '../config/fields.ts';
import { dataMachineOptions, machineOptions } from '../config/machineFields.ts';
import { operatorAccess } from '../model/access.ts';
import type { Blueprint } from '../model/blueprint.ts';
import { machineFact } from '../model/names.ts';
import { passwordLinesFlaw } from '../model/passwordLines.ts';
import type { Container } from '../model/service.ts';
import type { System } from '../model/system.ts';
import { uploadsMb } from '../model/uploads.ts';
import { ref, secret } from '../model/value.ts';
import { grafana } from '../parts/grafana.ts';
import { machines } from '../parts/machines.ts';
import { exporterRules, nodeExporter, nodeExporterPort, targetsOf } from '../parts/metrics.ts';
import { mysql, mysqlExporterPort, mysqlPort } from '../parts/mysql.ts';
import { prometheus } from '../parts/prometheus.ts';
import { publicEdge } from '../parts/web.ts';

/** What berth tells the application */
const ownVariables = [
  ...['APP_ENV', 'APP_DEBUG', 'APP_URL', 'APP_KEY', 'LOG_CHANNEL', 'SESSION_DRIVER', 'CACHE_DRIVER'],
  ...['DB_CONNECTION', 'DB_HOST', 'DB_PORT', 'DB_DATABASE', 'DB_USERNAME', 'DB_PASSWORD', 'VIEW_COMPILED_PATH'],
  ...['APP_CONFIG_CACHE', 'APP_PACKAGES_CACHE', 'APP_ROUTES_CACHE', 'APP_SERVICES_CACHE'],
  ...['APACHE_RUN_DIR', 'APACHE_LOCK_DIR', 'APACHE_PID_FILE'],
];

const options = z.strictObject({
  version: version.describe('the release of the application, for example 1.0.0'),
  domain: domainName.describe('what every public name stands under: app., prometheus., alerts. and grafana.'),
  alsoAt: otherNames.alsoAt.describe('further public names at which the application answers'),
  redirectFrom: otherNames.redirectFrom.describe(
    'public names that redirect to the application, with the path that was asked for',
  ),
  contact: emailAddress.describe('where the certificate authority writes to'),
  app: machineOptions.describe('the machine of the application'),
  database: dataMachineOptions.describe('the machine of the database: 4 GB of memory or more'),
  monitoring: dataMachineOptions.describe('the machine that watches the others: 4 GB of memory or more'),
  retentionDays: z.int().min(1).max(400).default(30).describe('how long figures are kept'),
  env: environmentVariables(ownVariables)
    .default({})
    .describe('further settings of the application, passed as they are'),
  secretFiles: secretFiles.default({}),
  uploads,
  images: z
    .strictObject({ app: imageReference.optional() })
    .default({})
    .describe('another image than the published one of this version'),
});

type Options = z.infer<typeof options>;

/** A web application counts in a MySQL database; a third machine watches both, and only there one may look at it */
export const lostops: System<Options> = {
  name: 'lostops',
  options,
  secrets: () => ({
    appKey: 'the key that the application seals cookies with: `php artisan key:generate --show`',
    databasePassword: "the application's password at the database, set when its disk is new",
    databaseRootPassword: "the database administrator's password, set when its disk is new",
    exporterPassword: 'the password with which figures are read from the database, set when its disk is new',
    grafanaPassword: "the password of Grafana's user admin, set when its disk is new",
    monitoringUsers: 'who may open Prometheus and Alertmanager, a line each: `htpasswd -nB <name>`',
  }),
  secretFlaws: { monitoringUsers: passwordLinesFlaw },
  blueprint(options: Options): Blueprint {
    const domain = (name: string) => `${name}.${options.domain}`;
    const login = { users: secret('monitoringUsers') };
    const app = publicEdge({
      role: 'app',
      sites: [{ domain: domain('app'), prefix: '/', service: 'app' }],
      names: options,
      tls: acme(options, options.app),
      uploads: options.uploads,
    });
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
          services: [application(options, app.url), nodeExporter('by machines')],
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
      // Its application brings the schema to its release when it starts
      migrates: { runbook: 'docs/lostops.md#a-deployment-that-failed' },
    };
  },
};

/** Asks the database, and answers with the application's version */
const healthPath = '/health';
const asksItself =
  '$alone = stream_context_create(["http" => ["follow_location" => 0, "timeout" => 3]]);' +
  ` @file_get_contents("http://127.0.0.1${healthPath}", false, $alone);` +
  ' exit(preg_match("/ 2/", $http_response_header[0] ?? "") ? 0 : 1);';
const databaseName = 'lostops';

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
  user: 'lostops',
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

/** Nothing secret and nothing of one environment is in its image; what it writes goes to /tmp, to its users' cookies or to the database */
function application(options: Options, url: string): Container {
  return {
    kind: 'container',
    name: 'app',
    image: options.images.app ?? `ghcr.io/lostops-stg5/lostops-app:${options.version}`,
    // A schema that cannot be brought to this release stops it before anybody is led to it
    command: ['sh', '-c', 'php artisan migrate --force && exec apache2-foreground'],
    env: {
      ...{ APP_ENV: 'production', APP_DEBUG: 'false', APP_URL: url, APP_KEY: secret('appKey') },
      ...{ LOG_CHANNEL: 'stderr', SESSION_DRIVER: 'cookie', CACHE_DRIVER: 'array', VIEW_COMPILED_PATH: '/tmp' },
      ...{ APP_CONFIG_CACHE: '/tmp/config.php', APP_PACKAGES_CACHE: '/tmp/packages.php' },
      ...{ APP_ROUTES_CACHE: '/tmp/routes.php', APP_SERVICES_CACHE: '/tmp/services.php' },
      ...{ APACHE_RUN_DIR: '/tmp', APACHE_LOCK_DIR: '/tmp', APACHE_PID_FILE: '/tmp/apache2.pid' },
      DB_CONNECTION: 'mysql',
      DB_HOST: ref(machineFact('database', 0, 'privateAddress')),
      DB_PORT: `${mysqlPort}`,
      DB_DATABASE: databaseName,
      DB_USERNAME: 'lostops',
      DB_PASSWORD: secret('databasePassword'),
      ...options.env,
    },
    port: 80,
    calls: [],
    secretFiles: options.secretFiles,
    mounts: [],
    rollout: 'colours',
    health: {
      path: healthPath,
      command: ['php', '-r', asksItself],
      deadlineSeconds: 120,
    },
    memoryMb: 512,
    scratchMb: uploadsMb(options.uploads),
    cpus: 2,
    // The web server's own
    user: '33:33',
    stopSeconds: 30,
  };
}
