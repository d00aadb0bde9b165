import type { Environment } from '../../model/environment.ts';
import { type FormerSystem, formerMachines } from '../outputs.ts';
import { machinesOff } from '../status/off.ts';
import { changedSystems, type DeclaredSystems } from './plan.ts';

/**
 * Refuses a deployment with a new version for a machine that is off: it would fail half way and put back all systems
 * @param digests of the environment that is deployed
 * @param only the one system that is deployed; all without it
 * @throws with each such machine and its hours, before anything is changed
 */
export async function refuseMachinesOff(
  former: Readonly<Record<string, FormerSystem>>,
  declared: DeclaredSystems,
  digests: Environment['images'],
  only: string | undefined,
): Promise<void> {
  const changed = changedSystems(former, declared, digests).filter((name) => only === undefined || name === only);
  const machines = changed.map((name) => (former[name] ? formerMachines(former[name]) : {}));
  const off = Object.entries(await machinesOff(Object.assign({}, ...machines)));
  if (off.length === 0) return;
  const lines = off.map(([name, hours]) => `  ${name} is ${hours}`).join('\n');
  throw new Error(
    `nothing was changed: a new version can't be deployed to machines that their schedule has switched off\n${lines}\n` +
      'deploy during their hours, start them by hand first, or deploy another system only with --system',
  );
}
