import { interrupted, interruptedByUser } from '../../../tools/lib/interrupt.ts';
import type { EngineStack } from '../engine.ts';
import { deployedSystems } from '../outputs.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { reportWithin } from '../status/reportWithin.ts';
import type { Ground } from './ground.ts';
import type { Steps } from './release.ts';
import { up } from './up.ts';

interface Given {
  ground: Ground;
  /** How long what is deployed may take to become healthy */
  waitSeconds: number;
  /** The one that is deployed alone */
  system?: string;
}

/** The steps of a deployment in the world, shown on the terminal; `seen` is what was last seen of it, if anything was */
export function engineSteps({ ground, waitSeconds, system }: Given): Steps & { seen(): StatusReport | undefined } {
  let on: EngineStack | undefined;
  let seen: StatusReport | undefined;
  return {
    async up(text) {
      seen = undefined;
      on = await ground.ready(text);
      return up(on, system);
    },
    async healthy() {
      if (!on) return false;
      const all = Object.entries(await deployedSystems(on));
      const asked = Object.fromEntries(all.filter(([name]) => system === undefined || name === system));
      seen = await patiently(() => reportWithin(ground.stack, asked, waitSeconds, interrupted));
      process.stdout.write(`\n${statusTable(seen)}`);
      return seen.healthy;
    },
    say: (line) => console.error(line),
    seen: () => seen,
  };
}

/** @throws what a person who interrupts the waiting reads */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw interruptedByUser()
      ? new Error('interrupted: it is deployed, whether it is healthy says berth status')
      : error;
  }
}
