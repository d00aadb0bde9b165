// Public API of berth, imported as `berth` by authors of systems. A system is one file, `systems/<name>/system.ts`,
// whose default export is a `System`: options for the environment file, and a blueprint that `assemble` builds from
// parts. Names, meanings and defaults exported here are stable: a change or removal is announced in CHANGELOG.md one
// minor version in advance. Each export is documented by its docstring.

import { fileURLToPath } from 'node:url';

// Definition of a system

export type { Declaration, Rule } from './model/blueprint.ts';
export type { Environment } from './model/environment.ts';
export type { SecretForm } from './model/secretForm.ts';
export {
  defineSystem,
  type RolePlan,
  type SecretFlaw,
  type StandInImage,
  type StandInRepository,
  type System,
} from './model/system.ts';

// Options of a system: a `z.strictObject` of fields, each with its pattern, examples and error messages. `.describe(…)`
// replaces a field's description; `.default(…)` and `.exactOptional()` make it optional.

export { z } from 'zod';
export type { MachineOptions } from './config/machineFields.ts';
export * as fields from './config/systemFields.ts';
export { passwordLinesFlaw } from './model/passwordLines.ts';
export { urlPasswordFlaw } from './model/urlPassword.ts';

// Values that are known only during the deployment: facts of a cloud and secrets, by name

export type { BucketFact, CacheFacts, LogStreamFacts } from './model/facts.ts';
export { machineFact } from './model/names.ts';
export { neighbour, ref, secret, text, type Value } from './model/value.ts';

// A system's own services and jobs

export type { Bucket } from './model/blueprint.ts';
export {
  asService,
  type ContainerStep,
  type Job,
  type JobStep,
  type ProgramStep,
  scratchFolder,
  streamFile,
} from './model/job.ts';
export type { ConfigFile, Container, Health, Mount, Process, Service, Source } from './model/service.ts';
export { uploadsMb } from './model/uploads.ts';

// Parts: each returns a `Contribution`, and `assemble` builds a system from them

export type { BackupOptions } from './model/backup.ts';
export { type BackupInput, backups, type Streamed } from './parts/backups/backups.ts';
export { backupSecrets } from './parts/backups/repository.ts';
export { balancerMachine, cloudBalancer } from './parts/balancer.ts';
export { authorityOf } from './parts/certificates.ts';
export { container } from './parts/container.ts';
export { assemble, type Contribution, runs } from './parts/contribution.ts';
export { laravel } from './parts/laravel.ts';
export { logShipping } from './parts/logShipping.ts';
export { machines } from './parts/machines.ts';
export { mysql } from './parts/mysql.ts';
export { asked, nginxImage, nginxServer } from './parts/nginx.ts';
export { postgres, postgresUrl } from './parts/postgres.ts';
export { redisCache } from './parts/redis.ts';
export { type RuntimeOptions, runtimes } from './parts/runtimes.ts';
export { internalEdge, publicEdge, publicTls, tlsSecrets } from './parts/web.ts';

/**
 * Returns the path of a file or folder next to a system's module, for the `template` of a configuration file or the
 * `folder` of a stand-in, for example `beside(import.meta.url, 'nginx/frontend.conf')`
 * @param module URL of the module, `import.meta.url`
 * @param path relative to the module's folder
 */
export const beside = (module: string, path: string): string => fileURLToPath(new URL(path, module));
