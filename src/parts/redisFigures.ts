import { dirname } from 'node:path';
import type { Cache, Declaration } from '../model/blueprint.ts';
import { redisPort } from '../model/blueprint.ts';
import type { CacheFacts } from '../model/facts.ts';
import type { Has } from '../model/inPlace.ts';
import { monitoringRole } from '../model/monitoring.ts';
import { machineFact, machineName } from '../model/names.ts';
import type { Container } from '../model/service.ts';
import { type Reference, ref, secret, text } from '../model/value.ts';
import { authorityFile } from './certificates.ts';
import { type Contribution, runs } from './contribution.ts';

const redisExporterPort = 9121;

/**
 * Returns an exporter for each cache of a system, and for each machine of one, on the machine that watches: so the cloud's
 * own caches are watched as those on machines are
 */
export function redisFigures({ system, caches }: Pick<Declaration, 'system' | 'caches'>, has: Has): Contribution {
  const watched = caches.flatMap((cache) => nodesOf(cache, has));
  return {
    ...runs(monitoringRole, ...watched.map(exporter)),
    rules: caches.map(({ name, tls = false }) => ({
      from: { role: monitoringRole },
      to: name,
      port: redisPort,
      protocol: 'tcp',
      why: `Prometheus reads the figures of ${name}`,
      ...(tls && { encrypted: true }),
    })),
    exporters: watched.map(({ cache, service, index }) => ({
      ...{ job: 'redis', of: cache.name, role: monitoringRole, count: 1, port: redisExporterPort, service },
      about: has.caches ? cache.name : machineName({ system, role: cache.name, index }),
    })),
  };
}

interface Node {
  cache: Cache;
  index: number;
  /** Name of its exporter */
  service: string;
  host: Reference;
}

/** The nodes of a cache that are watched one by one: the cloud's own is watched as one */
function nodesOf(cache: Cache, has: Has): readonly Node[] {
  const { name, failover = false, inItsPlace } = cache;
  if (has.caches || !failover)
    return [{ cache, index: 0, service: `${name}-exporter`, host: ref(`caches.${name}.host`) }];
  return Array.from({ length: inItsPlace.count }, (_, index) => ({
    ...{ cache, index, service: `${name}-exporter-${index}` },
    host: ref(machineFact(name, index, 'privateAddress')),
  }));
}

const exporter = ({ cache, service, host }: Node): Container => {
  const fact = (name: keyof CacheFacts) => ref(`caches.${cache.name}.${name}`);
  return {
    kind: 'container',
    name: service,
    image: 'docker.io/oliver006/redis_exporter:v1.74.0-alpine',
    env: {
      REDIS_ADDR: text`${fact('scheme')}://${host}:${fact('port')}`,
      ...(cache.password !== undefined && { REDIS_PASSWORD: secret(cache.password) }),
      // In addition to the authorities that its image knows
      ...(cache.tls && { SSL_CERT_DIR: dirname(authorityFile) }),
    },
    ...(cache.tls && { secretFiles: { [authorityFile]: fact('authority') } }),
    port: redisExporterPort,
    calls: [],
    mounts: [],
    rollout: 'replace',
    health: {
      command: ['wget', '-q', '-O', '/dev/null', `http://127.0.0.1:${redisExporterPort}/health`],
      deadlineSeconds: 30,
    },
    memoryMb: 64,
    cpus: 0.25,
    user: '65530:65530',
    stopSeconds: 10,
  };
};
