import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { runningImages } from '../../model/images.ts';
import { type EngineStack, engineStack } from '../../pulumi/stack.ts';
import { readOffline } from '../environment.ts';
import { noMachines } from '../inCluster.ts';
import { deployedSystems, type SystemOutputs } from '../outputs.ts';
import { deployKeyOf } from '../ssh/deployKey.ts';
import { openSession, type Session } from '../ssh/session.ts';
import type { ChosenMachine } from '../update/order.ts';
import { chosenToRun, roleToRun } from './chosen.ts';
import { firstOn } from './having.ts';
import { remoteWords } from './remote.ts';

/** A stack whose machines may be asked to run something */
export interface RunnableStack {
  /** Name of its environment, by default the stack's */
  environment: string;
  /** What its file declares */
  declared: Environment;
  blueprints: readonly Blueprint[];
  engine: EngineStack;
  systems: Readonly<Record<string, SystemOutputs>>;
}

export async function deployedStack(stack: string): Promise<RunnableStack> {
  const { blueprints, environment } = readOffline(stack);
  const engine = await engineStack(stack);
  return {
    environment: environment.name,
    declared: environment,
    blueprints,
    engine,
    systems: await deployedSystems(engine),
  };
}

interface Wanted {
  system: string;
  /** A job, or with a command the service beside which it runs */
  what: string;
  command: readonly string[];
  /** What a job is told, by variable. @default nothing */
  parameters?: Readonly<Record<string, string>>;
  /** The one machine that may do it. @default the first that has it */
  machine?: string | undefined;
}

/**
 * The machine that runs it: the first that is not off
 * @throws where there is none, listing those there are
 */
export async function machineToRun({ systems, blueprints }: RunnableStack, wanted: Wanted): Promise<ChosenMachine> {
  const found = chosenToRun(systems, blueprints, { ...wanted, machine: wanted.machine });
  return firstOn(found, 'nothing was run');
}

/**
 * Runs a job or a command on its machine, at this terminal. @returns its code
 * @param key path of the user's own key. @default the stack's
 */
export async function runThere(deployed: RunnableStack, wanted: Wanted, key?: string): Promise<number> {
  if (deployed.systems[wanted.system]?.cluster) return runInCluster(deployed, wanted, (line) => console.log(line));
  const { name, outputs } = await machineToRun(deployed, wanted);
  const login: Session['key'] = key === undefined ? { text: await deployKeyOf(deployed.engine) } : { file: key };
  return openSession({ name, ...outputs.ssh, key: login, command: [remoteWords(wanted)] });
}

/**
 * Runs a job or a command of a system in its cluster. @returns its code
 * @param tell is given each line that it writes
 */
export async function runInCluster(
  { engine, declared, blueprints, systems }: RunnableStack,
  wanted: Wanted,
  tell: (line: string) => void,
): Promise<number> {
  const { cluster } = systems[wanted.system] ?? {};
  if (!cluster) throw new Error(`${wanted.system} is in no cluster`);
  if (wanted.machine !== undefined) throw new Error(noMachines(wanted.system, cluster.namespace));
  const role = roleToRun(blueprints, wanted);
  const { clusterOf } = await import('../cluster/access.ts');
  const { runInPods } = await import('../cluster/run.ts');
  const access = await clusterOf(engine, declared, wanted.system);
  const first = await containersBefore(declared, blueprints, wanted.system, role);
  return runInPods({ access, ...cluster }, { ...wanted, role, first }, tell);
}

/** What a command's pod waits by until it may reach what its role calls */
async function containersBefore(
  declared: Environment,
  blueprints: readonly Blueprint[],
  system: string,
  role: string,
): Promise<readonly object[]> {
  const { clouds } = await import('../../clouds/registry.ts');
  const { reaching } = await import('../../render/cluster/reach.ts');
  const blueprint = blueprints.find((one) => one.system === system);
  const face = clouds[declared.systems[system]?.cloud ?? ''];
  const settings = face?.clusterSettings?.(declared);
  if (!blueprint || !face || !settings) return [];
  return reaching({ blueprint, settings, images: runningImages(face, declared) }, role);
}
