import { z } from 'zod';
import type { EngineStack } from '../../pulumi/stack.ts';
import { engineCommand, stateFolder } from '../../render/paths.ts';
import { deployedMachines, deployedSystems, type MachineOutputs, type SystemOutputs } from '../outputs.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { failureOf, type RemoteRun, runRemotely } from '../ssh/remoteScript.ts';
import { machinesOff } from './off.ts';

/** `unreachable` and `unknown`: the machine could not be checked, which counts as a difference */
const kinds = [
  'release',
  'volume',
  'file',
  'mode',
  'route',
  'container',
  'process',
  'unit',
  'firewall',
  'certificate',
  'job',
] as const;
export type DifferenceKind = (typeof kinds)[number] | 'unreachable' | 'unknown';

/** A difference between a machine and its release */
export interface HostDifference {
  system: string;
  machine: string;
  kind: DifferenceKind;
  /** The differing item: a path, `<project>/<service>` of a container, a unit, an address */
  what: string;
  /** Description that follows the item, for example `is missing` */
  difference: string;
}

export interface Checked {
  differences: readonly HostDifference[];
  /** Hours in words of machines that are off, by machine */
  off: Readonly<Record<string, string>>;
}

/**
 * Logs in to all machines of a stack at the same time, compares their files, modes, containers, processes, units and
 * firewall with their release, and the release with the stack's. It changes nothing.
 * @param systems the stack's outputs, where they are known already
 * @returns the differences, where a machine that cannot be checked counts as one, and the machines that are off by
 * schedule, which are not checked
 * @throws when the stack's outputs or its deploy key cannot be read
 */
export async function checkHosts(on: EngineStack, systems?: Readonly<Record<string, SystemOutputs>>): Promise<Checked> {
  const [deployed, key] = await Promise.all([systems ?? deployedSystems(on), deployKeyOf(on)]);
  const off = await machinesOff(deployedMachines(deployed));
  const found = await Promise.all(
    Object.entries(deployed).flatMap(([system, { machines, version }]) =>
      Object.entries(machines)
        .filter(([machine]) => !(machine in off))
        .map(async ([machine, outputs]) =>
          (await differences(system, version, outputs, key)).map((one) => ({ system, machine, ...one })),
        ),
    ),
  );
  return { differences: found.flat(), off };
}

type Difference = Omit<HostDifference, 'system' | 'machine'>;

async function differences(
  system: string,
  version: string,
  machine: MachineOutputs,
  key: string,
): Promise<readonly Difference[]> {
  const { user, address, port } = machine.ssh;
  const where = `${user}@${address}:${port}`;
  try {
    return toldDifferences(system, await runRemotely(machine, key, checkScript(system), []), version, where);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ kind: 'unreachable', what: where, difference: `login failed: ${why}` }];
  }
}

/** Returns the shell script that checks a machine with the engine of its live release */
export const checkScript = (system: string): string => {
  const current = `${stateFolder(system)}/current`;
  return [
    `if [ ! -e ${current} ]; then echo '{}'; exit; fi`,
    `if [ ! -d ${current}/engine ]; then echo 'its release was made by an older berth: deploy it once, then check again' >&2; exit 1; fi`,
    `exec ${engineCommand(system, 'check')} </dev/null`,
    '',
  ].join('\n');
};

const told = z.object({
  release: z.string(),
  version: z.string(),
  differences: z.array(z.object({ kind: z.string(), where: z.string(), what: z.string() })),
});

/**
 * Returns the differences that a machine reported
 * @param version of the release that the stack deployed
 */
export function toldDifferences(system: string, run: RemoteRun, version: string, where: string): readonly Difference[] {
  const { code, stdout } = run;
  if (code === 0 && stdout.trim() === '{}')
    return [{ kind: 'release', what: `${stateFolder(system)}/current`, difference: 'has no release' }];
  const read = code === 0 ? told.safeParse(json(stdout)) : undefined;
  if (!read?.success) {
    return [{ kind: 'unknown', what: where, difference: `can't be compared: ${failureOf(run)}` }];
  }
  const { release, version: found, differences } = read.data;
  const other: Difference = {
    kind: 'release',
    what: release,
    difference: `is at version ${found}; ${version} is deployed`,
  };
  // A machine that was brought back by hand says so, with both versions
  const isTold = differences.some(({ kind }) => kind === 'release');
  return [
    ...(found === version || isTold ? [] : [other]),
    ...differences.map((one) => ({
      kind: kinds.find((known) => known === one.kind) ?? ('unknown' as const),
      what: one.where,
      difference: one.what,
    })),
  ];
}

function json(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
