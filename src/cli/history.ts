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

/** What the engine noted of a run, such as its message and the commit that it ran from (`git.head`) */
export type Update = z.infer<typeof updates>[number];

/** A stack's last runs, the latest first, this many at most */
export async function stackHistory(on: EngineStack, atMost: number): Promise<readonly Update[]> {
  return updates.parse(JSON.parse(await pulumi(on, ['stack', 'history', '--json', '--page-size', `${atMost}`])));
}
