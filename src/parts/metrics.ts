import type { Rule } from '../model/blueprint.ts';
import { figuresFolder, figuresReader } from '../model/job.ts';
import type { Exporter } from '../model/monitoring.ts';
import { machineFact, machineName } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { ref, text, type Value } from '../model/value.ts';

export const nodeExporterPort = 9100;

/**
 * Returns a node exporter, with metrics of processors, memory and disks. Network metrics are left out, since the
 * container sees only its own network.
 * @param asked by Prometheus on another machine or on the same machine
 */
export const nodeExporter = (asked: 'by machines' | 'by services'): Container => ({
  kind: 'container',
  name: figuresReader,
  image: 'quay.io/prometheus/node-exporter:v1.9.1',
  command: [
    '--path.rootfs=/host',
    '--path.procfs=/host/proc',
    '--path.sysfs=/host/sys',
    `--collector.textfile.directory=/host${figuresFolder}`,
    '--collector.filesystem.mount-points-exclude=^/(dev|proc|run|sys|var/lib/docker)($|/)',
    ...[
      'arp',
      'bonding',
      'conntrack',
      'ipvs',
      'netclass',
      'netdev',
      'netstat',
      'nfs',
      'sockstat',
      'softnet',
      'udp_queues',
    ].map((collector) => `--no-collector.${collector}`),
  ],
  env: {},
  port: nodeExporterPort,
  ...(asked === 'by machines' && { exposed: nodeExporterPort }),
  calls: [],
  mounts: [{ kind: 'host', source: '/', path: '/host' }],
  rollout: 'replace',
  health: { command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${nodeExporterPort}/`], deadlineSeconds: 30 },
  memoryMb: 64,
  cpus: 0.25,
  // A user of its own: the host's /proc lets a user read the environments of its own programs
  user: '65532:65532',
  stopSeconds: 10,
});

/** Returns the exporters of the machines of a role */
export const machineFigures = (role: string, count: number): Exporter => ({
  ...{ job: 'node', of: 'the machine', role, count, port: nodeExporterPort, service: figuresReader },
});

/** A scrape target of Prometheus */
export interface Target {
  job: string;
  machine: string;
  address: Value;
}

/**
 * Returns the scrape targets of all exporters, with the addresses of their machines
 * @param by role of the Prometheus, which reaches exporters of its own machine by service name
 */
export const targetsOf = (system: string, exporters: readonly Exporter[], by: string): readonly Target[] =>
  exporters.flatMap(({ job, role, count, port, service, about }) =>
    Array.from({ length: count }, (_, index) => ({
      job,
      machine: about ?? machineName({ system, role, index }),
      address:
        role === by ? `${service}:${port}` : text`${ref(machineFact(role, index, 'privateAddress'))}:${`${port}`}`,
    })),
  );

/** Returns the rules that let only one role read the exporters */
export const exporterRules = (exporters: readonly Exporter[], by: string): readonly Rule[] =>
  exporters
    .filter(({ role }) => role !== by)
    .map(({ of, role, port }) => ({
      from: { role: by },
      to: role,
      port,
      protocol: 'tcp',
      why: `Prometheus reads the figures of ${of}`,
    }));
