import * as pulumi from '@pulumi/pulumi';
import { expect, vi } from 'vitest';
import { program } from '../../src/index.ts';
import type { Answers } from '../../src/policy/answers.ts';
import type { PlannedResource } from '../../src/policy/policy.ts';
import { configure, type DeclaredResource, recorded } from '../../src/policy/recorded.ts';
import { answers, credentials, environments, functions, type Stack } from './samples.ts';

/** A whole program on mocks, with what it declared and asked */
export interface Run {
  declared: readonly DeclaredResource[];
  planned: readonly PlannedResource[];
}

interface RunOptions {
  /** What providers don't know yet in a preview, by type */
  unknown?: readonly string[];
  without?: readonly string[];
}

/** Runs the program of a stack on mocks; with `unknown` as a preview */
export async function run({ config }: Stack, name: string, { unknown, without = [] }: RunOptions = {}): Promise<Run> {
  for (const [variable, value] of Object.entries(credentials))
    vi.stubEnv(variable, without.includes(variable) ? '' : value);
  const asked: PlannedResource[] = [];
  const known: Answers = Object.fromEntries(Object.entries(answers).filter(([type]) => !unknown?.includes(type)));
  const declared = await recorded(name, known, functions, {
    preview: unknown !== undefined,
    asked: (type, inputs) => asked.push({ type, name: type, inputs }),
  });
  configure(config);
  await program({ placeholders: 'accepted' });
  await pulumi.runtime.disconnect();
  return { declared, planned: [...declared.map((one) => ({ ...one, id: `${one.name}-id` })), ...asked] };
}

/** Expects a system to have the same names in every environment, each once, and those of the snapshot */
export function expectSameNames(runOf: (environment: string) => Run): void {
  const names = (environment: string) =>
    runOf(environment)
      .declared.map(({ type, name }) => `${type} ${name}`)
      .sort();
  expect(names('prod')).toMatchSnapshot();
  for (const environment of environments) expect(names(environment)).toEqual(names('prod'));
  expect(new Set(names('prod')).size).toBe(names('prod').length);
}
