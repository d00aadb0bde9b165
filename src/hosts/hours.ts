import * as pulumi from '@pulumi/pulumi';
import type { Schedule } from '../model/blueprint.ts';
import { hoursAt, hoursText } from '../model/hours.ts';

/**
 * For the releases of a role with a schedule: says at once where the clock has the machine off, which a failed connection
 * does not. The connection is tried all the same, as somebody may have started the machine.
 * @param name the role's machines have one hook
 */
export const hoursHook = (name: string, schedule: Schedule): pulumi.ResourceHook =>
  new pulumi.ResourceHook(name, async (args) => {
    const said = offText(args.name, schedule, Date.now());
    if (said !== undefined) await pulumi.log.warn(said);
  });

/** @param release the name of the release's resource */
export function offText(release: string, schedule: Schedule, now: number): string | undefined {
  const hours = hoursAt(schedule, now);
  if (hours.on) return undefined;
  return (
    `${release.replace(/-release$/, '')} is ${hoursText(schedule, hours)} by its schedule: unless somebody has started ` +
    'it, its release fails in some seconds, and has to be deployed again within its hours'
  );
}
