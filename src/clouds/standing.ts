import * as pulumi from '@pulumi/pulumi';
import { z } from 'zod';

/** The stack's state after earlier deployments */
export interface Standing {
  /** Its resources, each as `type::name` */
  resources: ReadonlySet<string>;
  /** When the last release of a machine went live (ISO 8601, UTC), by the machine's name, where it told that */
  liveSince: ReadonlyMap<string, string>;
}

/** Nothing has been deployed, or nothing is known of it */
export const nothingStands: Standing = { resources: new Set(), liveSince: new Map() };

const answer = z.object({ outputs: z.record(z.string(), z.unknown()).default({}) });
const command = z.object({ outputs: z.object({ stdout: z.string() }) });

/** Reads the stack's resources from the engine; a Pulumi program has no other access to its former state */
export async function readStanding(): Promise<Standing> {
  const stackName = [pulumi.getOrganization(), pulumi.getProject(), pulumi.getStack()].join('/');
  const { outputs } = answer.parse(
    await pulumi.runtime.invoke('pulumi:pulumi:readStackResourceOutputs', { stackName }),
  );
  const resources = Object.entries(outputs).map(([urn, values]) => ({ name: standingName(urn), values }));
  return {
    resources: new Set(resources.map(({ name }) => name)),
    liveSince: new Map(resources.flatMap(({ name, values }) => toldOf(name, values))),
  };
}

/** Returns a machine and when its release went live, as the release printed it at its end; empty for other resources */
function toldOf(name: string, values: unknown): [] | [[machine: string, since: string]] {
  const machine = releaseName.exec(name)?.[1];
  const since = releasedText.exec(command.safeParse(values).data?.outputs.stdout ?? '')?.[1];
  return machine === undefined || since === undefined ? [] : [[machine, since]];
}

const releaseName = /^command:remote:Command::(.+)-release$/;
/** The only line on a release's standard output */
const releasedText = /^release \S+ is (?:already )?live since (\S+)$/m;

/** Returns type and name of a URN of the form `urn:pulumi:stack::project::parent$type::name` */
function standingName(urn: string): string {
  const [, , types = '', ...name] = urn.split('::');
  return [types.slice(types.lastIndexOf('$') + 1), ...name].join('::');
}
