import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** Resources in the stack's state, each as `type::name` */
export type Standing = ReadonlySet<string>;

const answer = z.object({ outputs: z.record(z.string(), z.unknown()).default({}) });

/** Reads the stack's resources from the engine; a Pulumi program has no other access to its former state */
export async function readStanding(): Promise<Standing> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join('/');
  const { outputs } = answer.parse(
    await pulumi.runtime.invoke('pulumi:pulumi:readStackResourceOutputs', { stackName }),
  );
  return new Set(Object.keys(outputs).map(standingName));
}

/** Returns type and name of a URN of the form `urn:pulumi:stack::project::parent$type::name` */
function standingName(urn: string): string {
  const [, , types = '', ...name] = urn.split('::');
  return [types.slice(types.lastIndexOf('$') + 1), ...name].join('::');
}
