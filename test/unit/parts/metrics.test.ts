import { expect, test } from 'vitest';
import type { Container } from '../../../src/model/service.ts';
import { resolve } from '../../../src/model/value.ts';
import { exporterRules, nodeExporter, nodeExporterPort, targetsOf } from '../../../src/parts/metrics.ts';
import { prometheus } from '../../../src/parts/prometheus.ts';

const exporters = [
  { job: 'node', of: 'the machine', role: 'api', count: 2, port: 9100, service: 'node-exporter' },
  { job: 'mysql', of: 'MySQL', role: 'database', count: 1, port: 9104, service: 'mysqld-exporter' },
];
const facts = {
  'machines.api.0.privateAddress': '192.0.2.20',
  'machines.api.1.privateAddress': '192.0.2.21',
  'machines.database.0.privateAddress': '192.0.2.30',
};

test("targets are the machines' own addresses, each once for each exporter", () => {
  const found = targetsOf('shop', exporters, 'monitoring').map(({ job, machine, address }) => [
    job,
    machine,
    resolve(address, facts, {}),
  ]);
  expect(found).toEqual([
    ['node', 'shop-api-0', '192.0.2.20:9100'],
    ['node', 'shop-api-1', '192.0.2.21:9100'],
    ['mysql', 'shop-database-0', '192.0.2.30:9104'],
  ]);
});

test('on the machine that asks, its own exporter is asked by its name, and needs no rule', () => {
  const own = [{ job: 'node', of: 'the machine', role: 'monitoring', count: 1, port: 9100, service: 'node-exporter' }];
  expect(targetsOf('shop', own, 'monitoring')).toEqual([
    { job: 'node', machine: 'shop-monitoring-0', address: 'node-exporter:9100' },
  ]);
  expect(exporterRules(own, 'monitoring')).toEqual([]);
});

test('exporters are open to the role that asks, and to no one else', () => {
  expect(exporterRules(exporters, 'monitoring').map(({ from, to, port, why }) => [from, to, port, why])).toEqual([
    [{ role: 'monitoring' }, 'api', 9100, 'Prometheus reads the figures of the machine'],
    [{ role: 'monitoring' }, 'database', 9104, 'Prometheus reads the figures of MySQL'],
  ]);
});

const exporter = (asked: 'by machines' | 'by services') => nodeExporter(asked);

test('an exporter that only its own machine asks has no port outside', () => {
  expect(exporter('by machines').exposed).toBe(nodeExporterPort);
  expect(exporter('by services').exposed).toBeUndefined();
});

test('how the jobs of a machine ended is among its figures', () => {
  expect(exporter('by machines').command).toContain('--collector.textfile.directory=/host/var/lib/berth/figures');
});

test("the figures of a network that is not the machine's are not told", () => {
  expect(exporter('by machines').command).toEqual(
    expect.arrayContaining(['--no-collector.netdev', '--no-collector.netstat', '--path.rootfs=/host']),
  );
});

test('Prometheus asks each job with its machines by name, keeps what it was told so long, and tells Alertmanager', () => {
  const made = prometheus({
    ...{ system: 'shop', stack: 'prod', role: 'monitoring', exporters },
    url: 'https://prometheus.example.org',
    alertsUrl: 'https://alerts.example.org',
    retentionDays: 14,
    volumeGb: 20,
  });
  const [server] = (made.roles?.monitoring?.services ?? []) as [Container];
  expect(server.command).toContain('--storage.tsdb.retention.time=14d');
  const file = server.config?.files['prometheus.yaml'];
  const configuration = file && 'yaml' in file ? file.yaml : undefined;
  expect(configuration).toMatchObject({
    rule_files: ['rules/*.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: [
      {
        job_name: 'node',
        static_configs: [{ labels: { machine: 'shop-api-0' } }, { labels: { machine: 'shop-api-1' } }],
      },
      { job_name: 'mysql', static_configs: [{ labels: { machine: 'shop-database-0' } }] },
      { job_name: 'prometheus', static_configs: [{ targets: ['prometheus:9090'] }] },
      { job_name: 'alertmanager', static_configs: [{ targets: ['alertmanager:9093'] }] },
    ],
  });
});
