import type { Container } from '../model/service.ts';
import { type Contribution, runs } from './contribution.ts';
import { type Exporter, exporterRules, type Target, targetsOf } from './metrics.ts';

const prometheusPort = 9090;
const alertmanagerPort = 9093;
/** User of both images */
const user = '65534:65534';

export interface PrometheusInput {
  system: string;
  /** A role for monitoring alone: one machine with a data disk */
  role: string;
  /** Exporters that it scrapes */
  exporters: readonly Exporter[];
  /** Public URLs, used in links of alerts */
  url: string;
  alertsUrl: string;
  retentionDays: number;
  /**
   * Size of the data disk. Metrics use up to 80 % of it; the oldest are deleted when it is full, whatever their age.
   */
  volumeGb: number;
  memoryMb: number;
}

/** Returns a Prometheus that scrapes all exporters, and an Alertmanager */
export function prometheus(input: PrometheusInput): Contribution {
  const { system, role, exporters } = input;
  const itself = [
    { job: 'prometheus', port: prometheusPort, service: 'prometheus' },
    { job: 'alertmanager', port: alertmanagerPort, service: 'alertmanager' },
  ].map((one) => ({ ...one, of: one.job, role, count: 1 }));
  return {
    ...runs(role, server(input, targetsOf(system, [...exporters, ...itself], role)), alertmanager(input.alertsUrl)),
    rules: exporterRules(exporters, role),
  };
}

const server = (
  { url, retentionDays, volumeGb, memoryMb }: PrometheusInput,
  targets: readonly Target[],
): Container => ({
  kind: 'container',
  name: 'prometheus',
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
  calls: ['alertmanager'],
  config: {
    path: '/etc/prometheus',
    files: {
      'prometheus.yaml': { yaml: configuration(targets) },
      'alerts.yaml': { template: 'prometheus/alerts.yaml', values: {} },
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
  memoryMb,
  cpus: 1,
  user,
  stopSeconds: 60,
});

const configuration = (targets: readonly Target[]) => ({
  global: { scrape_interval: '15s', evaluation_interval: '15s' },
  rule_files: ['alerts.yaml'],
  alerting: { alertmanagers: [{ static_configs: [{ targets: [`alertmanager:${alertmanagerPort}`] }] }] },
  scrape_configs: [...new Set(targets.map(({ job }) => job))].map((name) => ({
    job_name: name,
    static_configs: targets
      .filter(({ job }) => job === name)
      .map(({ machine, address }) => ({ targets: [address], labels: { machine } })),
  })),
});

const alertmanager = (url: string): Container => ({
  kind: 'container',
  name: 'alertmanager',
  image: 'docker.io/prom/alertmanager:v0.28.1',
  command: [
    '--config.file=/etc/alertmanager/alertmanager.yaml',
    '--storage.path=/alertmanager',
    `--web.external-url=${url}`,
    // No cluster of Alertmanagers
    '--cluster.listen-address=',
  ],
  env: {},
  port: alertmanagerPort,
  calls: [],
  config: { path: '/etc/alertmanager', files: { 'alertmanager.yaml': { yaml: receivers } } },
  mounts: [
    { kind: 'data', name: 'alertmanager', path: '/alertmanager', readOnly: false, perRelease: false, owner: user },
  ],
  rollout: 'replace',
  health: {
    command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${alertmanagerPort}/-/ready`],
    deadlineSeconds: 60,
  },
  checker: '/bin/amtool',
  check: ['check-config', '/etc/alertmanager/alertmanager.yaml'],
  memoryMb: 128,
  cpus: 0.25,
  user,
  stopSeconds: 10,
});

/** Alerts appear on Alertmanager's page only; no notifications are sent */
const receivers = {
  route: { receiver: 'page', group_by: ['alertname', 'machine'] },
  receivers: [{ name: 'page' }],
};
