import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { containersOf, dockerImages } from './wanted.ts';

const problem = z.object({
  path: z.string(),
  message: z.string(),
  allowed: z.string().exactOptional(),
  fix: z.string().exactOptional(),
});
const answer = z.object({ problems: z.array(problem).default([]) });

/**
 * Returns everything on this computer that prevents the machines of these systems from running: ports, memory, disk,
 * docker
 */
export async function computerProblems(
  { prepared }: Environment,
  blueprints: readonly Blueprint[],
): Promise<readonly z.infer<typeof problem>[]> {
  const local = prepared?.local;
  if (!local) return [];
  const [stack, project] = [pulumi.getStack(), pulumi.getProject()];
  const question = {
    ...{ stack, project, file: `Pulumi.${stack}.yaml` },
    ...{ containers: containersOf(blueprints), images: dockerImages(local), imagesMb: 0 },
  };
  return answer.parse(await pulumi.runtime.invoke('berthlocal:index:computer', question)).problems;
}
