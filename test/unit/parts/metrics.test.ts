import { expect, test } from 'vitest';
import { resolve } from '../../../src/model/value.ts';
import { exporterRules, nodeExporter, nodeExporterPort, targetsOf } from '../../../src/parts/metrics.ts';
import { prometheus } from '../../../src/parts/prometheus.ts';

const exporters = [
  { job: 'node', of: 'the machine', role: 'api', count: 2, port: 9100 },
  { job: 'mysql', of: 'MySQL', role: 'database', count: 1, port: 9104 },
];
const facts = {
  'machines.api.0.privateAddress': '192.0.2.20',
  'machines.api.1.privateAddress': '192.0.2.21',
  'machines.database.0.privateAddress': '192.0.2.30',
};

test("targets are the machines' own addresses, each once for each exporter", () => {
  const found = targetsOf('shop', exporters).map(({ job, machine, address }) => [
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

test('exporters are open to the role that asks, and to no one else', () => {
  expect(exporterRules(exporters, 'monitoring').map(({ from, to, port, why }) => [from, to, port, why])).toEqual([
    [{ role: 'monitoring' }, 'api', 9100, 'Prometheus reads the figures of the machine'],
    [{ role: 'monitoring' }, 'database', 9104, 'Prometheus reads the figures of MySQL'],
  ]);
});

test('an exporter that only its own machine asks has no port outside', () => {
  expect(nodeExporter('by machines').exposed).toBe(nodeExporterPort);
  expect(nodeExporter('by services').exposed).toBeUndefined();
});

test("the figures of a network that is not the machine's are not told", () => {
  expect(nodeExporter('by machines').command).toEqual(
    expect.arrayContaining(['--no-collector.netdev', '--no-collector.netstat', '--path.rootfs=/host']),
  );
});

test('Prometheus asks each job with its machines by name, keeps what it was told so long, and tells Alertmanager', () => {
  const [server] = prometheus({
    targets: targetsOf('shop', exporters),
    url: 'https://prometheus.example.org',
    alertsUrl: 'https://alerts.example.org',
    retentionDays: 14,
    volumeGb: 20,
    memoryMb: 1000,
  });
  expect(server.command).toContain('--storage.tsdb.retention.time=14d');
  const file = server.config?.files['prometheus.yaml'];
  const configuration = file && 'yaml' in file ? file.yaml : undefined;
  expect(configuration).toMatchObject({
    rule_files: ['alerts.yaml'],
    alerting: { alertmanagers: [{ static_configs: [{ targets: ['alertmanager:9093'] }] }] },
    scrape_configs: [
      {
        job_name: 'node',
        static_configs: [{ labels: { machine: 'shop-api-0' } }, { labels: { machine: 'shop-api-1' } }],
      },
      { job_name: 'mysql', static_configs: [{ labels: { machine: 'shop-database-0' } }] },
    ],
  });
});
