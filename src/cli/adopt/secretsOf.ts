import { z } from 'zod';
import type { System } from '../../model/system.ts';
import { optionFields } from './options.ts';

/**
 * Returns descriptions of the secrets that a system asks for with these options. Where options are still missing, their
 * examples stand for them: they decide nothing that is written. By name
 */
export function neededSecrets(
  system: System<unknown>,
  options: Readonly<Record<string, unknown>>,
): Readonly<Record<string, string>> {
  const { fields } = optionFields(system);
  const filled: Record<string, unknown> = { ...options };
  for (let tries = 0; tries <= Object.keys(fields).length; tries += 1) {
    const read = system.options.safeParse(filled);
    if (read.success) return system.secrets(read.data);
    // Blocks of berth's own roles stand beside the options of a system
    for (const issue of read.error.issues)
      if (issue.code === 'unrecognized_keys') for (const key of issue.keys) delete filled[key];
    const missing = read.error.issues.map(({ path: [name] }) => String(name)).filter((name) => name in fields);
    for (const name of missing) filled[name] = exampleOf(fields[name]);
  }
  return {};
}

function exampleOf(schema: z.core.$ZodType | undefined): unknown {
  if (schema instanceof z.ZodObject)
    return Object.fromEntries(
      Object.entries(schema.shape).map(([name, inner]) => [name, exampleOf(inner as z.ZodType)]),
    );
  const examples = schema instanceof z.ZodType ? schema.meta()?.examples : undefined;
  return Array.isArray(examples) ? examples[0] : undefined;
}
