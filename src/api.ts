// What the author of a system imports, as `berth`; nothing else of it is theirs. A system is one file,
// `systems/<name>/system.ts`, whose default export is a `System`: options that an environment file gives, and a blueprint
// that `assemble` makes of parts. Names, meanings and defaults of this page are stable: what changes or goes stands in
// CHANGELOG.md, one minor version before it does. Each name's own page is its docstring.

import { fileURLToPath } from 'node:url';

// What a system is.

export type { Declaration, Rule } from './model/blueprint.ts';
export type { Environment } from './model/environment.ts';
export { defineSystem, type RolePlan, type SecretFlaw, type StandInImage, type System } from './model/system.ts';

// Its options are a `z.strictObject` of fields, each with its form, examples and what a person is told of a wrong value.
// `.describe(…)` says what one means here, `.default(…)` and `.exactOptional()` make it optional.

export { z } from 'zod';
export type { MachineOptions } from './config/machineFields.ts';
export * as fields from './config/systemFields.ts';
export { passwordLinesFlaw } from './model/passwordLines.ts';

// Values that are known later: facts of a cloud and secrets, by name.

export type { BucketFact, CacheFacts, LogStreamFacts } from './model/facts.ts';
export { machineFact } from './model/names.ts';
export { ref, secret, text, type Value } from './model/value.ts';

// Services and jobs of its own.

export type { Bucket } from './model/blueprint.ts';
export { asService, type Job, type JobStep, scratchFolder } from './model/job.ts';
export type { ConfigFile, Container, Health, Mount, Process, Service, Source } from './model/service.ts';
export { uploadsMb } from './model/uploads.ts';

// Parts: each returns a `Contribution`, and `assemble` makes a system of them.

export { balancerMachine, cloudBalancer } from './parts/balancer.ts';
export { container } from './parts/container.ts';
export { assemble, type Contribution, runs } from './parts/contribution.ts';
export { grafana } from './parts/grafana.ts';
export { laravel } from './parts/laravel.ts';
export { logShipping } from './parts/logShipping.ts';
export { machines } from './parts/machines.ts';
export { nodeExporter } from './parts/metrics.ts';
export { mysql } from './parts/mysql.ts';
export { asked, nginxImage, nginxServer } from './parts/nginx.ts';
export { prometheus } from './parts/prometheus.ts';
export { redisCache } from './parts/redis.ts';
export { internalEdge, publicEdge, publicTls, tlsSecrets } from './parts/web.ts';

/**
 * A file or folder beside a system's own, for the `template` of a configuration file or the `folder` of a stand-in, for
 * example `beside(import.meta.url, 'nginx/frontend.conf')`.
 * @param module the module's own place, `import.meta.url`
 * @param path from the module's folder
 */
export const beside = (module: string, path: string): string => fileURLToPath(new URL(path, module));
