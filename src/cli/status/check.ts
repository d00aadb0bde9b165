import { fileText } from '../../render/template.ts';
import type { EngineStack } from '../engine.ts';
import { deployedSystems, type MachineOutputs, type SystemOutputs } from '../outputs.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { type RemoteRun, runRemotely } from '../ssh/remoteScript.ts';
import { machinesOff } from './off.ts';

/** `unreachable` and `unknown`: nothing can be said of the machine, which counts as a difference */
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
] as const;
export type DifferenceKind = (typeof kinds)[number] | 'unreachable' | 'unknown';

/** Something that a machine has otherwise than its release says */
export interface HostDifference {
  system: string;
  machine: string;
  kind: DifferenceKind;
  /** Which: a path, `<project>/<service>` of a container, a unit, an address */
  what: string;
  /** In words that follow it, for example `is missing` */
  difference: string;
}

export interface Checked {
  differences: readonly HostDifference[];
  /** Until when, in words, by machine */
  off: Readonly<Record<string, string>>;
}

/**
 * Logs in to every machine of a stack at once and compares its files, modes, containers, processes, units and firewall
 * with the release that it has, and that with what the stack deployed. It changes nothing there.
 * @param systems what the stack deployed, where it is known already
 * @returns what differs, by system and machine, where a machine that can't be looked at is a difference too; and, with
 *   their hours, the machines that are off by their schedule: nobody looked at those
 * @throws when the stack's outputs or its deploy key can't be read
 */
export async function checkHosts(on: EngineStack, systems?: Readonly<Record<string, SystemOutputs>>): Promise<Checked> {
  const [deployed, key] = await Promise.all([systems ?? deployedSystems(on), deployKeyOf(on)]);
  const off = await machinesOff(Object.assign({}, ...Object.values(deployed).map(({ machines }) => machines)));
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
    return toldDifferences(await runRemotely(machine, key, hostScript(), [system]), version, where);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    return [{ kind: 'unreachable', what: where, difference: `can't be logged in to: ${why}` }];
  }
}

/** Parts of what a release runs, as they lie in this checkout; the last line alone does something */
export const hostScript = (): string =>
  [
    ...['check', 'lib', 'trial', 'bridges', 'host', 'services', 'processes', 'nginx', 'certificates', 'verify'].map(
      (name) => fileText(`host/${name}.sh`),
    ),
    // What it starts must not read the rest of the script
    'main </dev/null\n',
  ].join('\n');

/**
 * What a machine told, line by line; without its last line nothing of it counts.
 * @param version what the stack says that it has
 */
export function toldDifferences(
  { code, stdout, stderr }: RemoteRun,
  version: string,
  where: string,
): readonly Difference[] {
  const lines = stdout.split('\n').filter((line) => line !== '');
  if (code !== 0 || lines.at(-1) !== 'end') {
    const why = stderr.trim().split('\n').at(-1) || `it ended with code ${code ?? 'none'}`;
    return [{ kind: 'unknown', what: where, difference: `can't be compared: ${why}` }];
  }
  return lines.slice(0, -1).flatMap((line): readonly Difference[] => {
    const [kind, what = '', difference = ''] = line.split('\t');
    if (kind === 'version') {
      if (difference === version) return [];
      return [{ kind: 'release', what, difference: `is version ${difference}, ${version} is deployed` }];
    }
    return [{ kind: kinds.find((known) => known === kind) ?? 'unknown', what, difference }];
  });
}
