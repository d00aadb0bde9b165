import type { EngineStack } from '../../pulumi/stack.ts';
import type { SystemOutputs } from '../outputs.ts';
import { type Pinged, pingMachines } from '../ping/machines.ts';
import type { StatusReport } from './report.ts';
import { roleGroups } from './roles.ts';

type Systems = Readonly<Record<string, SystemOutputs>>;

/**
 * Logs in to the machines whose SSH answers, all at the same time, and returns what they run.
 * @param further as for `pingMachines`
 * @returns nothing where no machine answers; why it is not known, without the stack's deploy key
 */
export async function askReachable(
  engine: EngineStack,
  systems: Systems,
  report: StatusReport,
  further?: (system: string) => string,
): Promise<readonly Pinged[] | { why: string }> {
  const reachable = Object.entries(systems).map(([name, outputs]) => {
    const { machines: seen = {} } = report.systems[name] ?? {};
    const machines = Object.entries(outputs.machines).filter(([machine]) => seen[machine]?.ssh === 'answers');
    return [name, { ...outputs, machines: Object.fromEntries(machines) }] as const;
  });
  if (reachable.every(([, { machines }]) => Object.keys(machines).length === 0)) return [];
  try {
    return await pingMachines(engine, Object.fromEntries(reachable), further);
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}

/**
 * Returns the report with what the machines of each role run. Without the stack's deploy key the report stays as it is, and
 * a line says why.
 */
export async function withRoles(engine: EngineStack, systems: Systems, report: StatusReport): Promise<StatusReport> {
  const asked = await askReachable(engine, systems, report);
  if ('why' in asked) {
    console.error(`the machines were not asked what they run: ${asked.why}`);
    return report;
  }
  const all = Object.entries(report.systems).map(([name, one]) => {
    const { machines = {} } = systems[name] ?? {};
    const roles = roleGroups(
      asked.flatMap((machine) => {
        const role = machines[machine.name]?.role;
        return role === undefined ? [] : [{ ...machine, role }];
      }),
    );
    return [name, { ...one, ...(Object.keys(roles).length > 0 && { roles }) }];
  });
  return { ...report, systems: Object.fromEntries(all) };
}
