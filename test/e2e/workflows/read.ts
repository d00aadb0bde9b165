import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { parse } from 'yaml';
import { z } from 'zod';

// Schema of the keys that the project's workflows use; an unknown key is an error
const variables = z.record(z.string(), z.union([z.string(), z.number(), z.boolean()]).transform(String));
const permissions = z.record(z.string(), z.enum(['read', 'write', 'none']));
const concurrency = z.strictObject({ group: z.string(), 'cancel-in-progress': z.boolean() });

const step = z.strictObject({
  id: z.string().optional(),
  if: z.string().optional(),
  uses: z.string().optional(),
  with: variables.optional(),
  run: z.string().optional(),
  shell: z.string().optional(),
  env: variables.optional(),
  'continue-on-error': z.boolean().optional(),
});

const job = z.strictObject({
  if: z.string().optional(),
  needs: z.union([z.string().transform((name) => [name]), z.array(z.string())]).default([]),
  'runs-on': z.string(),
  'timeout-minutes': z.number(),
  permissions: permissions.optional(),
  strategy: z
    .strictObject({
      'fail-fast': z.boolean().optional(),
      matrix: z.record(z.string(), z.union([z.string(), z.array(z.string())])),
    })
    .optional(),
  environment: z.string().optional(),
  concurrency: concurrency.optional(),
  env: variables.default({}),
  steps: z.array(step),
});

const workflow = z.strictObject({
  name: z.string(),
  on: z.record(z.string(), z.unknown()),
  permissions,
  concurrency: concurrency.optional(),
  jobs: z.record(z.string(), job),
});

const input = z.strictObject({ description: z.string(), default: z.string().default('') });

const action = z.strictObject({
  name: z.string(),
  description: z.string(),
  inputs: z.record(z.string(), input).default({}),
  runs: z.strictObject({ using: z.literal('composite'), steps: z.array(step) }),
});

export type Workflow = z.infer<typeof workflow>;
export type Job = z.infer<typeof job>;
export type Step = z.infer<typeof step>;
export type Action = z.infer<typeof action>;

/**
 * Reads a workflow of a checkout
 * @param edit changes its text before it is parsed
 */
export const readWorkflow = (checkout: string, file: string, edit = (text: string): string => text): Workflow =>
  workflow.parse(parse(edit(readFileSync(join(checkout, '.github', 'workflows', file), 'utf8'))));

/** Reads a composite action of a checkout, by the folder that `uses:` names */
export const readAction = (checkout: string, folder: string): Action =>
  action.parse(parse(readFileSync(join(checkout, folder, 'action.yml'), 'utf8')));
