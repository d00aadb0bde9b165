import type { EngineStack } from '../../pulumi/stack.ts';
import { deployedMachines, type MachineOutputs, type SystemOutputs } from '../outputs.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { failureOf, runRemotely } from '../ssh/remoteScript.ts';
import { machinesOff } from '../status/off.ts';
import { pingScript } from './script.ts';
import { parsedPing, type Told } from './told.ts';

/** A machine as it answered */
export interface Pinged {
  name: string;
  /** Version that the stack deployed */
  version: string;
  answer:
    | { kind: 'told'; told: Told; clockOffSeconds: number; now: Date; printed: string }
    | { kind: 'off'; hours: string }
    | { kind: 'failed'; why: string };
}

const timeoutSeconds = 30;

/**
 * Logs in to all machines at the same time, once each
 * @param further commands for a system's machines whose lines are in `printed`. @default none
 * @throws when the stack's deploy key cannot be read
 */
export async function pingMachines(
  engine: EngineStack,
  systems: Readonly<Record<string, SystemOutputs>>,
  further: (system: string) => string = () => '',
): Promise<readonly Pinged[]> {
  const key = await deployKeyOf(engine);
  const off = await machinesOff(deployedMachines(systems));
  return Promise.all(
    Object.entries(systems).flatMap(([system, { machines, version, url }]) =>
      Object.entries(machines).map(async ([name, machine]): Promise<Pinged> => {
        const hours = off[name];
        if (hours !== undefined) return { name, version, answer: { kind: 'off', hours } };
        return {
          name,
          version,
          answer: await pinged(machine, key, pingScript(system, new URL(url).hostname, further(system))),
        };
      }),
    ),
  );
}

async function pinged(machine: MachineOutputs, key: string, script: string): Promise<Pinged['answer']> {
  try {
    const run = await runRemotely(machine, key, script, [], timeoutSeconds);
    const now = new Date();
    const told = parsedPing(run.stdout);
    if (run.code !== 0 || Number.isNaN(told.clock)) return { kind: 'failed', why: failureOf(run) };
    return { kind: 'told', told, clockOffSeconds: told.clock - now.getTime() / 1000, now, printed: run.stdout };
  } catch (error) {
    return { kind: 'failed', why: error instanceof Error ? error.message : String(error) };
  }
}
