import { recordOf } from '../../new/compose/merge.ts';
import type { Finding, Place } from '../../new/finding.ts';
import type { Files } from '../files.ts';
import { type YamlFile, yamlFile } from '../yamlFile.ts';

export interface KamalConfig {
  data: Readonly<Record<string, unknown>>;
  at(...path: readonly (string | number)[]): Place;
  findings: readonly Finding[];
}

/**
 * Reads Kamal's configuration: `deploy.yml`, and what a destination's file (`deploy.staging.yml`) has in its place
 * @param paths the weakest first
 */
export function kamalConfig(paths: readonly string[], files: Files): KamalConfig {
  const read = paths.map((path): YamlFile => {
    const text = files.text(path);
    const at = { file: path, line: 1 };
    return text === undefined
      ? { data: undefined, at: () => at, findings: [{ kind: 'refused', at, what: 'is not there' }] }
      : yamlFile(text, path);
  });
  const findings = read.flatMap((file) => file.findings);
  const data = read.reduce<Readonly<Record<string, unknown>>>((below, file) => merged(below, recordOf(file.data)), {});
  const has = (file: YamlFile, path: readonly (string | number)[]): boolean =>
    path.reduce<unknown>(
      (value, key) => (value as Record<string | number, unknown> | undefined | null)?.[key],
      file.data,
    ) !== undefined;
  const [first] = read;
  return {
    ...{ data, findings },
    at: (...path) =>
      ([...read].reverse().find((file) => has(file, path)) ?? first)?.at(...path) ?? { file: '', line: 1 },
  };
}

/** Blocks are merged, and lists replaced, as Kamal does */
function merged(
  below: Readonly<Record<string, unknown>>,
  above: Readonly<Record<string, unknown>>,
): Readonly<Record<string, unknown>> {
  const isBlock = (value: unknown) => typeof value === 'object' && value !== null && !Array.isArray(value);
  return {
    ...below,
    ...Object.fromEntries(
      Object.entries(above).map(([key, value]) => [
        key,
        isBlock(value) && isBlock(below[key]) ? merged(recordOf(below[key]), recordOf(value)) : value,
      ]),
    ),
  };
}

/** Whether a text is computed by ERB when Kamal runs */
export const isComputed = (value: unknown): boolean => typeof value === 'string' && value.includes('<%');

/** A value of one or several texts, as a list */
export const textsOf = (value: unknown): readonly string[] =>
  (Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]).map(String);
