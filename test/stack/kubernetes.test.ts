import { describe, expect, test } from 'vitest';
import { findings } from '../../src/policy/policy.ts';
import type { DeclaredResource } from '../../src/policy/recorded.ts';
import { type Run, run } from './matrixStacks.ts';
import { environments, policies, stackOf, withSecrets } from './samples.ts';

describe.each(['basegun', 'lostops', 'mad'] as const)('%s in a cluster', (system) => {
  const stack = withSecrets(stackOf(system, 'kubernetes'));
  const runs: Record<string, Run> = {};
  const runOf = (environment: string): Run => runs[environment] ?? { declared: [], planned: [] };

  test.each(environments)('deploys to %s', async (environment) => {
    runs[environment] = await run(stack, environment);
    console.log(JSON.stringify(runOf(environment).declared, null, 1));
    expect(runOf(environment).declared.length).toBeGreaterThan(5);
  });
});
void findings;
void policies;
void (0 as unknown as DeclaredResource);
