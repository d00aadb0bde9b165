import { setTimeout } from 'node:timers/promises';
import * as pulumi from '@pulumi/pulumi';
import type { Host } from '../clouds/cloud.ts';
import type { Standing } from '../clouds/standing.ts';
import type { Blueprint, Role } from '../model/blueprint.ts';
import { releaseOrder, rolesBefore } from '../model/order.ts';
import { batchesOf, behindFirst, oneByOne } from '../model/rolling.ts';

/** Releases one machine once others are live; `hooks` belong on the resource of its release */
export type ReleaseOne = (
  host: Host,
  role: Role,
  after: readonly pulumi.Resource[],
  hooks: pulumi.ResourceHookBinding | undefined,
) => pulumi.Resource;

/**
 * Releases the machines of a system. A role waits for those that it calls; roles that do not call each other go side by
 * side. Within a role, the first machine goes alone and the others follow in batches, those that are behind first. A
 * release that fails ends the deployment before the machines that wait for it.
 */
export function releaseInOrder(
  blueprint: Pick<Blueprint, 'system' | 'roles' | 'rules'>,
  hosts: readonly Host[],
  { liveSince }: Pick<Standing, 'liveSince'>,
  release: ReleaseOne,
): void {
  const before = rolesBefore(blueprint);
  const last = new Map<string, readonly pulumi.Resource[]>();
  for (const name of releaseOrder(blueprint)) {
    const role = blueprint.roles[name];
    if (!role) continue;
    const { rolling = oneByOne } = role;
    const own = hosts.filter((host) => host.role === name);
    const machines = behindFirst(role, own, (host) => liveSince.get(host.name));
    const hooks = pauses(`${blueprint.system}-${name}`, rolling.pauseSeconds);
    let after = (before[name] ?? []).flatMap((called) => last.get(called) ?? []);
    for (const batch of batchesOf(machines, rolling)) after = batch.map((host) => release(host, role, after, hooks));
    last.set(name, after);
  }
}

/**
 * Returns hooks that make a release wait until some time after the releases that ended before it began: those of the
 * batch before it. Where these had nothing to do, nothing waits.
 */
function pauses(name: string, seconds: number): pulumi.ResourceHookBinding | undefined {
  if (seconds === 0) return undefined;
  let until = 0;
  const wait = new pulumi.ResourceHook(`${name}-pause`, async ({ name: release }) => {
    const left = until - performance.now();
    if (left <= 0) return;
    await pulumi.log.info(`${release}: waits ${Math.ceil(left / 1000)} s after the machines before it (rolling)`);
    await setTimeout(left);
  });
  const ended = new pulumi.ResourceHook(`${name}-ended`, async () => {
    until = performance.now() + seconds * 1000;
  });
  return { beforeCreate: [wait], beforeUpdate: [wait], afterCreate: [ended], afterUpdate: [ended] };
}
