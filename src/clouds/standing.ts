import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** What the stack's state has, each as `type::name` */
export type Standing = ReadonlySet<string>;

const answer = z.object({ outputs: z.record(z.string(), z.unknown()).default({}) });

/** Asks the engine itself: a program is told of no resource what became of it before */
export async function standing(): Promise<Standing> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join('/');
  const { outputs } = answer.parse(
    await pulumi.runtime.invoke('pulumi:pulumi:readStackResourceOutputs', { stackName }),
  );
  return new Set(Object.keys(outputs).map(standingName));
}

/** Of `urn:pulumi:stack::project::parent$type::name` the type and the name */
function standingName(urn: string): string {
  const [, , types = '', ...name] = urn.split('::');
  return [types.slice(types.lastIndexOf('$') + 1), ...name].join('::');
}
