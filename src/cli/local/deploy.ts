import { type StackCommand, up } from '../../clouds/local/setUp/stack.ts';
import { interrupted } from '../../process/interrupt.ts';
import { stackFile } from '../../pulumi/place.ts';
import { deployedSystems } from '../outputs.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { reportWithin } from '../status/reportWithin.ts';

/**
 * Brings a stack of local machines to what its file says, then asks each system for its health and prints the table of
 * `berth status`. Machines are looked at first: one that is gone or stopped is made or started again.
 * @param waitSeconds how long what is deployed may take to become healthy
 * @returns what was seen last; `healthy` says whether every system answered its declared version
 * @throws where the engine could not finish
 */
export async function deployLocal(command: StackCommand, waitSeconds: number): Promise<StatusReport> {
  const code = await up(command);
  if (code !== 0) throw new Error('the deployment failed, see above: put it right and run the same command again');
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
  return report;
}
