import { z } from 'zod';
import { type EngineStack, pulumi, settingsOf } from '../../pulumi/stack.ts';
import { lockHolder } from './lock.ts';

const exported = z.object({
  deployment: z.object({
    resources: z
      .array(
        z.object({ urn: z.string(), custom: z.boolean().default(false), initErrors: z.array(z.string()).default([]) }),
      )
      .default([]),
  }),
});

/**
 * Returns the URNs of resources whose last change failed half way: the stack has what the cloud was asked for, such as
 * another size, which need not be what it has. Machines that were never ready are left out: they are created again.
 */
export function failedChanges(stack: unknown): readonly string[] {
  const { resources } = exported.parse(stack).deployment;
  const names = new Set(resources.map(({ urn }) => nameOf(urn)));
  const neverReady = (name: string) => /-\d+$/.test(name) && !names.has(`${name}-ready`);
  return resources
    .filter(({ urn, custom, initErrors }) => custom && initErrors.length > 0 && !neverReady(nameOf(urn)))
    .map(({ urn }) => urn);
}

const nameOf = (urn: string): string => urn.split('::').slice(3).join('::');

/**
 * Reads from the cloud what failed changes have left, so that the next deployment makes them again
 * @param message identifies the run in the engine's history
 */
export async function readAgain(on: EngineStack, message: string, say: (line: string) => void): Promise<void> {
  const failed = failedChanges(JSON.parse(await pulumi(on, ['stack', 'export'])));
  if (failed.length === 0) return;
  say(`the last change of ${failed.map(nameOf).join(', ')} failed: reading what the cloud has`);
  const targets = failed.flatMap((urn) => ['--target', urn]);
  const options = ['--yes', '--skip-preview', '--suppress-outputs', '--message', message, ...settingsOf(on)];
  await pulumi(on, ['refresh', ...options, ...targets], '').catch((error: Error) => {
    // Another deployment changes the stack: this one waits for it, and reads the stack again
    if (lockHolder(error.message) === undefined) throw error;
  });
}
