import { interrupted, interruptedByUser } from '../../process/interrupt.ts';
import type { RunEngine } from '../../pulumi/run.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import type { Update } from '../history.ts';
import { deployedSystems } from '../outputs.ts';
import { withRoles } from '../status/askRoles.ts';
import { type StatusReport, statusOf } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { reportWithin } from '../status/reportWithin.ts';
import { readAgain } from './failedChanges.ts';
import { messageOf } from './order.ts';
import type { Steps } from './release.ts';
import type { StackSource } from './stackSource.ts';
import type { Turn } from './turn.ts';
import { deployOnce, type Part } from './up.ts';

interface Given {
  source: StackSource;
  /** Whether this last update of the stack is the one from which the deployment was planned */
  stands(last: Update | undefined): boolean;
  /** Waiting for the stack's lock: once for the deployment, once for putting back */
  turns: { there: Turn; back: Turn };
  /** Seconds until the deployed systems must be healthy */
  waitSeconds: number;
  /** Runs the engine and shows what happens */
  engine: RunEngine;
  /** What is deployed alone; all without it */
  part?: Part;
  /** Role of the system, where that is the part */
  role?: string;
}

/**
 * Returns the steps of a deployment by the real engine, shown on the terminal; `seen` returns the last status report
 */
export function engineSteps(given: Given): Steps & { seen(): StatusReport | undefined } {
  const { source, waitSeconds, part, role, turns, engine } = given;
  const system = part?.system;
  let on: EngineStack | undefined;
  let seen: StatusReport | undefined;
  let before: string | undefined;
  return {
    async up(text) {
      seen = undefined;
      const [former, turn] = [before, before === undefined ? turns.there : turns.back];
      const message = messageOf(new Date(), system, former !== undefined, role);
      // Putting back is allowed only over the deployment that this process made
      const stands = former === undefined ? given.stands : (last?: Update) => last?.message === former;
      const prepared = await source.ready(text);
      on = prepared;
      before = message;
      const ended = await turn(async () => {
        await source.freed();
        // Under the message of the deployment that failed, which is the one that may be replaced
        if (former !== undefined) await readAgain(prepared, former, (line) => console.error(line));
        return deployOnce(prepared, { message, stands, engine, ...(part && { part }) });
      });
      if (ended === 'failed') seen = await leftRunning(prepared, source.stack, system);
      return typeof ended === 'string' ? ended : 'refused';
    },
    async healthy() {
      if (!on) return false;
      const all = Object.entries(await deployedSystems(on));
      const asked = Object.fromEntries(all.filter(([name]) => system === undefined || name === system));
      const report = await patiently(() => reportWithin(source.stack, asked, waitSeconds, interrupted));
      seen = await withRoles(on, asked, report);
      process.stdout.write(`\n${statusTable(seen)}`);
      return seen.healthy;
    },
    say: (line) => console.error(line),
    seen: () => seen,
  };
}

/** Prints what runs on which machine after a deployment that stopped half way; undefined where nothing was deployed yet */
async function leftRunning(
  on: EngineStack,
  stack: string,
  system: string | undefined,
): Promise<StatusReport | undefined> {
  const deployed = await deployedSystems(on).catch(() => ({}));
  const asked = Object.entries(deployed).filter(([name]) => system === undefined || name === system);
  if (asked.length === 0) return undefined;
  const systems = Object.fromEntries(asked);
  const report = await withRoles(on, systems, await statusOf(stack, systems));
  process.stdout.write(`\nwhat runs now:\n${statusTable(report)}`);
  return report;
}

/**
 * Waits for the work
 * @throws with a message for the person who interrupts it
 */
async function patiently<T>(work: () => Promise<T>): Promise<T> {
  try {
    return await work();
  } catch (error) {
    throw interruptedByUser() ? new Error('interrupted: it is deployed; check its health with berth status') : error;
  }
}
