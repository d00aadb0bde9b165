import { interrupted, interruptedByUser } from '../../process/interrupt.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import type { Update } from '../history.ts';
import { deployedSystems } from '../outputs.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { reportWithin } from '../status/reportWithin.ts';
import type { Ground } from './ground.ts';
import { messageOf } from './order.ts';
import type { Steps } from './release.ts';
import type { Turn } from './turn.ts';
import { up } from './up.ts';

interface Given {
  ground: Ground;
  /** Whether the last update of the stack is still the one that this deployment was thought out for */
  stands(last: Update | undefined): boolean;
  /** Its turn among the deployments of the stack, and another one for the way back */
  turns: { there: Turn; back: Turn };
  /** How long what is deployed may take to become healthy */
  waitSeconds: number;
  /** The one that is deployed alone */
  system?: string;
}

/** The steps of a deployment in the world, shown on the terminal; `seen` is what was last seen of it, if anything was */
export function engineSteps(given: Given): Steps & { seen(): StatusReport | undefined } {
  const { ground, waitSeconds, system, turns } = given;
  let on: EngineStack | undefined;
  let seen: StatusReport | undefined;
  let before: string | undefined;
  return {
    async up(text) {
      seen = undefined;
      const [former, turn] = [before, before === undefined ? turns.there : turns.back];
      const message = messageOf(new Date(), system, former !== undefined);
      // The way back leads from what was deployed here, and from nothing else
      const stands = former === undefined ? given.stands : (last?: Update) => last?.message === former;
      const prepared = await ground.ready(text);
      on = prepared;
      before = message;
      const ended = await turn(async () => {
        await ground.freed();
        return up(prepared, { message, stands, ...(system !== undefined && { system }) });
      });
      return typeof ended === 'string' ? ended : 'refused';
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
