import type { Rule } from '../model/blueprint.ts';
import { figuresFolder } from '../model/job.ts';
import { machineFact, machineName } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { ref, text, type Value } from '../model/value.ts';
import { type Contribution, runs } from './contribution.ts';

export const nodeExporterPort = 9100;

/**
 * How the machines of a role are: processors, memory, disks. Of its network it knows only the container's own, so it says
 * nothing.
 * @param asked by other machines, or by services of the same machine alone
 * @param count machines of the role
 */
export const nodeExporter = (role: string, asked: 'by machines' | 'by services', count = 1): Contribution => ({
  ...runs(role, exporter(asked)),
  exporters: [{ job: 'node', of: 'the machine', role, count, port: nodeExporterPort, service: 'node-exporter' }],
});

const exporter = (asked: 'by machines' | 'by services'): Container => ({
  kind: 'container',
  name: 'node-exporter',
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
  // Nobody else's: it sees the host's /proc, where a user reads the environments of its own programs
  user: '65532:65532',
  stopSeconds: 10,
});

/** An exporter on each machine of a role */
export interface Exporter {
  /** Its name at Prometheus, for example `mysql` */
  job: string;
  /** What it tells of, for people */
  of: string;
  role: string;
  /** Machines of the role */
  count: number;
  port: number;
  /** The service that it is, by which the same machine finds it */
  service: string;
}

/** What Prometheus asks, as its configuration takes it */
export interface Target {
  job: string;
  machine: string;
  address: Value;
}

/**
 * Every exporter of every machine; the addresses are the machines' own.
 * @param by the role that asks: on its own machine it asks the service itself
 */
export const targetsOf = (system: string, exporters: readonly Exporter[], by: string): readonly Target[] =>
  exporters.flatMap(({ job, role, count, port, service }) =>
    Array.from({ length: count }, (_, index) => ({
      job,
      machine: machineName({ system, role, index }),
      address:
        role === by ? `${service}:${port}` : text`${ref(machineFact(role, index, 'privateAddress'))}:${`${port}`}`,
    })),
  );

/** Exporters are read by one role and nobody else */
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
