import * as pulumi from '@pulumi/pulumi';
import type { Schedule } from '../model/blueprint.ts';
import { hoursAt, hoursText } from '../model/hours.ts';

/**
 * Returns a hook for the releases of a role with a schedule. It warns before the connection is tried where the schedule
 * has the machine off, which a failed connection does not tell. The connection is still tried, since somebody may have
 * started the machine.
 * @param name of the hook, shared by the role's machines
 */
export const hoursHook = (name: string, schedule: Schedule): pulumi.ResourceHook =>
  new pulumi.ResourceHook(name, async (args) => {
    const said = offText(args.name, schedule, Date.now());
    if (said !== undefined) await pulumi.log.warn(said);
  });

/**
 * Returns the warning for a machine that is off; undefined while it runs
 * @param release name of the release's resource
 */
export function offText(release: string, schedule: Schedule, now: number): string | undefined {
  const hours = hoursAt(schedule, now);
  if (hours.on) return undefined;
  return (
    `${release.replace(/-release$/, '')} is ${hoursText(schedule, hours)} by its schedule: unless somebody has started ` +
    'it, its release fails after some seconds, and must be deployed again during its hours'
  );
}
