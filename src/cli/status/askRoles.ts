import type { EngineStack } from '../../pulumi/stack.ts';
import type { SystemOutputs } from '../outputs.ts';
import { pingMachines } from '../ping/machines.ts';
import type { StatusReport } from './report.ts';
import { roleGroups } from './roles.ts';

/**
 * Returns the report with what the machines of each role run. It logs in to the machines whose SSH answers, all at the
 * same time. Without the stack's deploy key the report stays as it is, and a line says why.
 */
export async function withRoles(
  engine: EngineStack,
  systems: Readonly<Record<string, SystemOutputs>>,
  report: StatusReport,
): Promise<StatusReport> {
  const reachable = Object.entries(systems).map(([name, outputs]) => {
    const { machines: seen = {} } = report.systems[name] ?? {};
    const machines = Object.entries(outputs.machines).filter(([machine]) => seen[machine]?.ssh === 'answers');
    return [name, { ...outputs, machines: Object.fromEntries(machines) }] as const;
  });
  if (reachable.every(([, { machines }]) => Object.keys(machines).length === 0)) return report;
  try {
    const pinged = await pingMachines(engine, Object.fromEntries(reachable));
    const told = reachable.map(([name, { machines }]) => {
      const own = pinged.flatMap((one) => {
        const role = machines[one.name]?.role;
        return role === undefined ? [] : [{ ...one, role }];
      });
      return [name, roleGroups(own)] as const;
    });
    const roles = Object.fromEntries(told);
    const all = Object.entries(report.systems).map(([name, one]) => {
      const own = roles[name] ?? {};
      return [name, { ...one, ...(Object.keys(own).length > 0 && { roles: own }) }];
    });
    return { ...report, systems: Object.fromEntries(all) };
  } catch (error) {
    console.error(`the machines were not asked what they run: ${error instanceof Error ? error.message : error}`);
    return report;
  }
}
