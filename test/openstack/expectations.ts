import { expect } from 'vitest';
import { read, type Stack } from '../stack/samples.ts';
import { holdings, serversOf } from './holdings.ts';
import { allowedByMatrix, allowedByNeutron } from './reach.ts';
import type { CloudStack } from './stack.ts';

/** A second up and a refresh find nothing that differs from the stack */
export async function expectNothingToDo(made: CloudStack, stack: Stack): Promise<void> {
  for (const command of ['up', 'refresh'] as const) {
    const { run, changed } = await made.run(command, stack, '--expect-no-changes');
    expect(run.code, run.output).toBe(0);
    expect(Object.values(changed).filter((operation) => operation !== 'refresh')).toEqual([]);
  }
}

/** Every server runs, and Neutron lets in what the matrix says, and nothing else */
export async function expectAsDeclared(made: CloudStack, stack: Stack): Promise<void> {
  const { environment, blueprints } = read(stack, 'test');
  const matrix = blueprints.flatMap((blueprint) => allowedByMatrix(blueprint, environment));
  expect(await allowedByNeutron(made.tenant.api)).toEqual([...new Set(matrix)].sort());
  expect(matrix.length).toBeGreaterThan(2);
  const servers = Object.values(await serversOf(made.tenant.api));
  expect(servers.map(({ status }) => status)).toEqual(servers.map(() => 'ACTIVE'));
  expect(servers).toHaveLength(
    blueprints.flatMap(({ roles }) => Object.values(roles)).reduce((n, { count }) => n + count, 0),
  );
}

/**
 * Destroys a stack that was deployed with options that allow it
 * @param left what the project still has afterwards
 */
export async function expectDestroyed(made: CloudStack, stack: Stack, left: readonly string[] = []): Promise<void> {
  const { run } = await made.run('destroy', stack);
  expect(run.code, run.output).toBe(0);
  expect(await holdings(made.tenant.api)).toEqual(left);
}
