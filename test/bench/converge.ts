import type { Figure } from '../../tools/lib/figures.ts';
import { type LastRelease, send } from '../e2e/byHand.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** The release that a machine has, sent to it once more: login, transfer, and a look at every file and container */
export async function converge(release: LastRelease): Promise<Figure[]> {
  const samples = await repeated(15, () =>
    secondsOf(async () => {
      const { code, output } = await send(release).done;
      if (code !== 0 || !output.includes('is in place')) throw new Error(`not a release that is in place:\n${output}`);
    }),
  );
  return [figure('converge with nothing to do, over SSH', samples, 's', 0.6)];
}
