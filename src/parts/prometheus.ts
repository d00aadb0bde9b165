import { alertmanagerPort } from '../model/alerting.ts';
import { type Exporter, prometheusPort, prometheusService } from '../model/monitoring.ts';
import type { ConfigFile, Container } from '../model/service.ts';
import { type AlertmanagerInput, alertmanager } from './alertmanager.ts';
import { blackbox, blackboxPort, type ProbedSite, probeJobs } from './blackbox.ts';
import { type Contribution, runs } from './contribution.ts';
import { exporterRules, type Target, targetsOf } from './metrics.ts';

/** The image's user */
const user = '65534:65534';

export interface PrometheusInput {
  system: string;
  /** Name of the environment, for commands in alerts */
  stack: string;
  /** A role for monitoring alone: one machine with a data disk */
  role: string;
  /** Exporters that it scrapes */
  exporters: readonly Exporter[];
  /** Public names that it has asked as visitors ask them. @default none */
  sites?: readonly ProbedSite[];
  /** Public URLs, used in links of alerts */
  url: string;
  alertsUrl: string;
  /** Receivers of alerts. @default none: alerts appear on Alertmanager's page */
  alerts?: AlertmanagerInput['alerts'];
  /** Hours of the roles that have some. @default none */
  hours?: AlertmanagerInput['hours'];
  retentionDays: number;
  /**
   * Size of the data disk. Metrics use up to 80 % of it; the oldest are deleted when it is full, whatever their age.
   */
  volumeGb: number;
}

/** Returns a Prometheus that scrapes all exporters, and an Alertmanager */
export function prometheus(input: PrometheusInput): Contribution {
  const { system, role, exporters, sites = [] } = input;
  const itself = [
    { job: 'prometheus', port: prometheusPort, service: prometheusService },
    { job: 'alertmanager', port: alertmanagerPort, service: 'alertmanager' },
    ...(sites.length > 0 ? [{ job: 'blackbox', port: blackboxPort, service: 'blackbox' }] : []),
  ].map((one) => ({ ...one, of: one.job, role, count: 1 }));
  return {
    ...runs(
      role,
      server(input, targetsOf(system, [...exporters, ...itself], role)),
      alertmanager({ ...input, url: input.alertsUrl }),
      ...(sites.length > 0 ? [blackbox()] : []),
    ),
    rules: exporterRules(exporters, role),
  };
}

const server = (
  { system, stack, url, sites = [], retentionDays, volumeGb }: PrometheusInput,
  targets: readonly Target[],
): Container => ({
  kind: 'container',
  name: prometheusService,
  image: 'docker.io/prom/prometheus:v3.5.0',
  command: [
    '--config.file=/etc/prometheus/prometheus.yaml',
    '--storage.tsdb.path=/prometheus',
    `--storage.tsdb.retention.time=${retentionDays}d`,
    `--storage.tsdb.retention.size=${Math.floor(volumeGb * 800)}MB`,
    `--web.external-url=${url}`,
  ],
  env: {},
  port: prometheusPort,
  calls: ['alertmanager', ...(sites.length > 0 ? ['blackbox'] : [])],
  config: {
    path: '/etc/prometheus',
    files: {
      'prometheus.yaml': { yaml: configuration({ stack, system }, targets, probeJobs(sites)) },
      ...rules,
    },
  },
  mounts: [{ kind: 'data', name: 'prometheus', path: '/prometheus', readOnly: false, perRelease: false, owner: user }],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${prometheusPort}/-/ready`],
    // It replays its write-ahead log before it is ready
    deadlineSeconds: 120,
  },
  checker: '/bin/promtool',
  check: ['check', 'config', '/etc/prometheus/prometheus.yaml'],
  // Of sixteen machines it holds 200 MB; queries of a long time take the rest
  memoryMb: 768,
  cpus: 1,
  user,
  stopSeconds: 60,
});

/** Alert rules, each beside its tests in templates/prometheus/rules; those of what a system does not have never fire */
export const ruleFiles = [
  'machines',
  'disks',
  'containers',
  'services',
  'edge',
  'database',
  'caches',
  'jobs',
  'backups',
  'prometheus',
] as const;

const rules: Readonly<Record<string, ConfigFile>> = Object.fromEntries(
  ruleFiles.map((name) => [`rules/${name}.yaml`, { template: `prometheus/rules/${name}.yaml`, values: {} }]),
);

const configuration = (
  external: { stack: string; system: string },
  targets: readonly Target[],
  probes: readonly object[],
) => ({
  // Rules are cheap, and who is told learns of it by so much earlier
  global: { scrape_interval: '15s', evaluation_interval: '5s', external_labels: external },
  rule_files: ['rules/*.yaml'],
  alerting: { alertmanagers: [{ static_configs: [{ targets: [`alertmanager:${alertmanagerPort}`] }] }] },
  scrape_configs: [
    ...[...new Set(targets.map(({ job }) => job))].map((name) => ({
      job_name: name,
      static_configs: targets
        .filter(({ job }) => job === name)
        .map(({ machine, address }) => ({ targets: [address], labels: { machine } })),
    })),
    ...probes,
  ],
});
