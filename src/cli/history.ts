import { z } from 'zod';
import { type EngineStack, pulumi } from '../pulumi/stack.ts';

const updates = z.array(
  z.object({
    kind: z.string().optional(),
    result: z.string().optional(),
    message: z.string().optional(),
    startTime: z.string().optional(),
    endTime: z.string().optional(),
    environment: z.record(z.string(), z.string()).optional(),
  }),
);

/** A run as the engine recorded it, with its message and the commit that it ran from (`git.head`) */
export type Update = z.infer<typeof updates>[number];

/**
 * Returns a stack's last runs, latest first
 * @param atMost number of runs
 */
export async function stackHistory(on: EngineStack, atMost: number): Promise<readonly Update[]> {
  return updates.parse(JSON.parse(await pulumi(on, ['stack', 'history', '--json', '--page-size', `${atMost}`])));
}
