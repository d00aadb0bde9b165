import { noMachines } from '../inCluster.ts';
import type { MachineOutputs, SystemOutputs } from '../outputs.ts';

/**
 * Returns the machine of a name, for example `basegun-web-0`, or of a part of a name, such as `web`, that only one
 * machine has
 * @throws when no machine or several machines match, listing them
 */
export function findMachine(
  systems: Readonly<Record<string, SystemOutputs>>,
  wanted: string,
): { name: string; machine: MachineOutputs } {
  const all = Object.values(systems).flatMap(({ machines }) => Object.entries(machines));
  const exact = all.filter(([name]) => name === wanted);
  const found = exact.length > 0 ? exact : all.filter(([name]) => `-${name}-`.includes(`-${wanted}-`));
  const [only] = found;
  if (only && found.length === 1) return { name: only[0], machine: only[1] };
  const [inCluster] = Object.entries(systems).flatMap(([name, { cluster }]) =>
    cluster && (wanted === name || wanted.startsWith(`${name}-`)) ? [noMachines(name, cluster.namespace)] : [],
  );
  if (inCluster !== undefined && found.length === 0) throw new Error(inCluster);
  const names = (list: typeof all): string => list.map(([name]) => name).join(', ');
  throw new Error(
    found.length === 0
      ? `there is no machine "${wanted}": there are ${names(all)}`
      : `"${wanted}" matches several machines: ${names(found)}`,
  );
}
