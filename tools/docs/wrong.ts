import type { z } from 'zod';
import { pathText } from '../../src/config/path.ts';
import { problemsOf } from '../../src/config/problems.ts';
import type { Problem } from '../../src/model/problem.ts';
import type { Key } from './keys.ts';

/**
 * The error that a wrong value gives, as the program itself says it
 * @param schema of the block that the key's path is in
 * @param base the block's own path in the file
 */
export function problemAt(schema: z.core.$ZodType, base: readonly string[], key: Key): Problem | undefined {
  const at = pathText([...base, ...key.path]);
  for (const value of wrongValues(key)) {
    const found = problemsOf(schema, withValue(key.beside, key.path, value), base);
    const problem = found.find(({ path }) => path === at);
    if (problem) return problem;
  }
  return undefined;
}

/** Values of which one is wrong, the likeliest mistake first */
function wrongValues({ variants, name }: Key): readonly unknown[] {
  const of = (type: string) => variants.some((variant) => variant.type === type);
  const limits = variants.flatMap(({ minimum, maximum }) => [
    ...(minimum === undefined ? [] : [minimum - 1]),
    ...(maximum === undefined || maximum > 1e9 ? [] : [maximum + 1]),
  ]);
  if (of('boolean') && !of('string')) return ['perhaps'];
  if (of('integer') || of('number')) return [...limits, 'many'];
  if (of('string')) return [`some ${name.split('.').at(-1)}`, 'Wrong!', 17];
  return ['text', 17];
}

/** A block with one value at a path, beside others that tell a variant */
function withValue(beside: Readonly<Record<string, unknown>>, path: readonly (string | number)[], value: unknown) {
  const nested = path.reduceRight<unknown>(
    (inner, step) => (typeof step === 'number' ? [inner] : { [step]: inner }),
    value,
  );
  return { ...(typeof nested === 'object' ? nested : {}), ...beside };
}
