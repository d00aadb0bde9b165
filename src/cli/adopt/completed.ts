import { z } from 'zod';
import type { Bucket } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { monitoringRole } from '../../model/monitoring.ts';
import type { System } from '../../model/system.ts';
import { optionFields } from './options.ts';

type Options = Readonly<Record<string, unknown>>;

/** Returns descriptions of the secrets that a system asks for with these options, by name */
export function neededSecrets(system: System<unknown>, options: Options): Readonly<Record<string, string>> {
  const complete = completed(system, options);
  return complete ? system.secrets(complete.options) : {};
}

/** What a system declares that may be imported: buckets, and roles by what their machines have */
export interface Declared {
  buckets: readonly Bucket[];
  volumes: readonly string[];
  reserved: readonly string[];
}

/** Returns the buckets that a system declares with these options, and its roles that have a data disk */
export function declaredBy(system: System<unknown>, options: Options, environment: Environment): Declared {
  const complete = completed(system, options);
  if (!complete) return { buckets: [], volumes: [], reserved: [] };
  const { buckets = [], roles } = system.blueprint(complete.options, environment);
  const volumes = Object.entries(roles).flatMap(([name, { volume }]) => (volume ? [name] : []));
  const reserved = Object.entries(roles).flatMap(([name, { address }]) => (address.kind === 'reserved' ? [name] : []));
  // What watches the others keeps its figures on a disk, too
  return { buckets, volumes: [...volumes, monitoringRole], reserved };
}

/**
 * Returns options that are complete: where one is still missing, its example stands for it. They decide nothing that is
 * written
 */
function completed(system: System<unknown>, options: Options): { options: unknown } | undefined {
  const { fields } = optionFields(system);
  const filled: Record<string, unknown> = { ...options };
  for (let tries = 0; tries <= Object.keys(fields).length; tries += 1) {
    const read = system.options.safeParse(filled);
    if (read.success) return { options: read.data };
    for (const issue of read.error.issues) fill(filled, issue, fields);
  }
  return undefined;
}

function fill(
  filled: Record<string, unknown>,
  issue: z.core.$ZodIssue,
  fields: Readonly<Record<string, z.core.$ZodType>>,
) {
  // Blocks of berth's own roles, and where it runs, stand beside the options of a system
  if (issue.code === 'unrecognized_keys') for (const key of issue.keys) delete filled[key];
  const [name] = issue.path;
  if (name !== undefined)
    filled[String(name)] = name in fields ? exampleOf(fields[String(name)]) : (filled[String(name)] ?? {});
}

function exampleOf(schema: z.core.$ZodType | undefined): unknown {
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, inner]) => [name, exampleOf(inner as z.ZodType)]),
    );
  const examples = schema instanceof z.ZodType ? schema.meta()?.examples : undefined;
  return Array.isArray(examples) ? examples[0] : undefined;
}
