// What the author of a system imports, as `berth`: nothing else of it is theirs. Everything here keeps its meaning from
// release to release; what goes is announced in CHANGELOG.md one minor version before.

import { fileURLToPath } from 'node:url';

/** Options of a system are a `z.strictObject` of fields; `.describe(…)` says what one means, `.default(…)` makes it optional */
export { z } from 'zod';
// ── Fields of its options, each with its form, its examples and what a person is told of a wrong value ─────────────────
export {
  certificateArn,
  debianPackage,
  domainName,
  emailAddress,
  environmentVariables,
  gitRepository,
  imageReference,
  otherNames,
  secretFiles,
  secretFilesByVariable,
  tlsFields,
  uploads,
  version,
} from './config/fields.ts';
export {
  cacheOptions,
  dataMachineOptions,
  fleetOptions,
  loneMachineOptions,
  type MachineOptions,
  machineOptions,
} from './config/machineFields.ts';
export { workerOptions } from './config/workerFields.ts';
// ── What systems are made of ──────────────────────────────────────────────────────────────────────────────────────────
export { operatorAccess } from './model/access.ts';
export type { Bucket, Declaration, DeclaredRole, DnsRecord, Rule } from './model/blueprint.ts';
export { redisPort } from './model/blueprint.ts';
export type { Environment } from './model/environment.ts';
export type { BucketFact, CacheFacts, LogStreamFacts } from './model/facts.ts';
export type { Job, JobStep } from './model/job.ts';
export { asService, scratchFolder } from './model/job.ts';
export { machineFact } from './model/names.ts';
export { passwordLinesFlaw } from './model/passwordLines.ts';
export type { ConfigFile, Container, Health, Mount, Process, Service, Source } from './model/service.ts';
// ── What a system is ──────────────────────────────────────────────────────────────────────────────────────────────────
export type { RolePlan, SecretFlaw, StandInImage, System } from './model/system.ts';
export { uploadsMb } from './model/uploads.ts';
// ── Values that come later: `ref('caches.redis.host')` is a fact of its cloud, `secret('databasePassword')` a secret ────
export { ref, secret, text, type Value } from './model/value.ts';
export { balancerMachine, cloudBalancer } from './parts/balancer.ts';
export { grafana } from './parts/grafana.ts';
export { laravel } from './parts/laravel.ts';
export { logShipping } from './parts/logShipping.ts';
export { machines } from './parts/machines.ts';
export { exporterRules, nodeExporter, nodeExporterPort, targetsOf } from './parts/metrics.ts';
export { mysql, mysqlExporterPort, mysqlPort } from './parts/mysql.ts';
export { asked, nginxImage, nginxServer } from './parts/nginx.ts';
export { prometheus } from './parts/prometheus.ts';
export { redisCache } from './parts/redis.ts';
export { internalEdge, publicEdge, publicTls, tlsSecrets } from './parts/web.ts';

/**
 * A file of a system's own folder, for the `template` of a configuration file or the `folder` of a stand-in.
 * @param module the module's own place, `import.meta.url`
 * @param path from the module's folder, for example `nginx/frontend.conf`
 */
export const beside = (module: string, path: string): string => fileURLToPath(new URL(path, module));
