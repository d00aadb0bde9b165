import { bringUp, type StackCommand } from '../../clouds/local/setUp/stack.ts';
import { interrupted } from '../../process/interrupt.ts';
import { stackFile } from '../../pulumi/place.ts';
import { deployedSystems, type SystemOutputs } from '../outputs.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { reportWithin } from '../status/reportWithin.ts';

/**
 * Deploys a stack of local machines, checks the health of each system and prints the table of `berth status`. Machines
 * are looked at first, so that missing or stopped ones are made or started again.
 * @param waitSeconds until the deployed systems must be healthy
 * @returns the last report, and the outputs of the systems; `healthy` is true where every system answered with its
 * declared version
 * @throws where the engine did not finish
 */
export async function deployLocal(
  command: StackCommand,
  waitSeconds: number,
): Promise<StatusReport & { deployed: Readonly<Record<string, SystemOutputs>> }> {
  const code = await bringUp(command);
  if (code !== 0) throw new Error('the deployment failed, see above: fix the cause and run the same command again');
  const { place, environment } = command;
  const { stack, project } = place;
  const systems = await deployedSystems({
    stack,
    project,
    folder: place.folder,
    environment,
    configFile: stackFile(place),
  });
  const report = await reportWithin(stack, systems, waitSeconds, interrupted);
  process.stdout.write(`\n${statusTable(report)}`);
  return { ...report, deployed: systems };
}
