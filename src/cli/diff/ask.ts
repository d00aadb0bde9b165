import { z } from 'zod';
import { planCommand } from '../../hosts/commands.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import { deployedSystems, type MachineOutputs } from '../outputs.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { failureOf, type RemoteRun, runRemoteCommand } from '../ssh/remoteScript.ts';
import { machinesOff } from '../status/off.ts';
import type { PlannedRelease } from './releases.ts';
import type { DeploymentEffect, MachineDiff } from './report.ts';

/**
 * Asks every machine that would get another bundle what its release would do there, all at once.
 * @throws when the stack's outputs or its deploy key can't be read
 */
export async function askMachines(
  on: EngineStack,
  releases: readonly PlannedRelease[],
): Promise<readonly MachineDiff[]> {
  const [deployed, key] = await Promise.all([deployedSystems(on), deployKeyOf(on)]);
  const machines: Readonly<Record<string, MachineOutputs>> = Object.assign(
    {},
    ...Object.values(deployed).map((system) => system.machines),
  );
  const changed = new Set(releases.filter(({ kind }) => kind === 'changed').map(({ machine }) => machine));
  const off = await machinesOff(Object.fromEntries(Object.entries(machines).filter(([name]) => changed.has(name))));
  return Promise.all(
    releases.map(async ({ system, machine, ...release }): Promise<MachineDiff> => {
      if (release.kind !== 'changed') return { system, machine, ...release };
      const [outputs, hours] = [machines[machine], off[machine]];
      if (hours !== undefined) return { system, machine, kind: 'off', hours };
      return { system, machine, ...(outputs ? await asked(outputs, key, release.bundle) : { kind: 'new' as const }) };
    }),
  );
}

async function asked(machine: MachineOutputs, key: string, bundle: string): Promise<DeploymentEffect> {
  const { user, address, port } = machine.ssh;
  try {
    return toldSteps(await runRemoteCommand(machine, key, planCommand, bundle, 120));
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return { kind: 'unasked', why: `${user}@${address}:${port} login failed: ${why}` };
  }
}

const told = z.object({
  live: z.string(),
  version: z.string(),
  steps: z.array(z.object({ stage: z.string(), does: z.string(), reason: z.string() })),
});

/** Reads a machine's answer */
export function toldSteps(run: RemoteRun): DeploymentEffect {
  if (run.code === 0) {
    try {
      return { kind: 'steps', ...told.parse(JSON.parse(run.stdout)) };
    } catch {
      return { kind: 'unasked', why: 'its answer has an unexpected format: is its berth version different?' };
    }
  }
  return { kind: 'unasked', why: failureOf(run) };
}
