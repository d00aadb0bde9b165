import type { Blueprint } from '../../../model/blueprint.ts';
import { reachability } from '../../../model/matrix.ts';
import { type EngineStack, engineStack } from '../../../pulumi/stack.ts';
import { watchers } from '../../alerts/ask.ts';
import { readAlerts } from '../../alerts/read.ts';
import { firingCommand } from '../../alerts/scripts.ts';
import { diagramSvg } from '../../diagramSvg.ts';
import { readOffline } from '../../environment.ts';
import { stackHistory } from '../../history.ts';
import { deployedSystems, type SystemOutputs } from '../../outputs.ts';
import { firstOn } from '../../run/having.ts';
import { deployKeyOf } from '../../ssh/deployKey.ts';
import { runRemotely } from '../../ssh/remoteScript.ts';
import type { ChosenMachine } from '../../update/order.ts';
import { askReachable } from '../askRoles.ts';
import { statusOf } from '../report.ts';
import type { Deployment, Monitoring, PageData, SeenMachine } from './data.ts';
import { historyScript, readHistory } from './history.ts';
import { jobRows, notedScript, readNoted } from './noted.ts';

type Systems = Readonly<Record<string, SystemOutputs>>;

/**
 * Asks for all that the page of a stack shows, at the same time: the sites, each machine, each Prometheus, the engine. What
 * can't be asked is in the page as that.
 * @throws when the stack's file or outputs can't be read
 */
export async function gathered(stack: string): Promise<PageData> {
  const { environment, blueprints } = readOffline(stack);
  const engine = await engineStack(stack);
  const systems = await deployedSystems(engine);
  const madeAt = new Date();
  const [report, monitoring, deployments, diagram] = await Promise.all([
    statusOf(stack, systems),
    allMonitoring(engine, systems, blueprints, madeAt),
    deploymentsOf(engine),
    diagramSvg(environment, blueprints),
  ]);
  const asked = await askReachable(engine, systems, report, notedScript);
  const machines = 'why' in asked ? [] : asked.map((pinged) => seenMachine(systems, pinged));
  return {
    ...{ stack, madeAt, report, machines, monitoring, deployments, diagram },
    jobs: jobRows(blueprints, machines),
    reach: blueprints.flatMap((blueprint) => reachability(blueprint, environment.operators)),
    ...('why' in asked && { notAsked: asked.why }),
  };
}

function seenMachine(systems: Systems, pinged: SeenMachine['pinged']): SeenMachine {
  const [system = ''] = Object.entries(systems).find(([, { machines }]) => pinged.name in machines) ?? [];
  const { answer } = pinged;
  return { system, pinged, ...readNoted(answer.kind === 'told' ? answer.printed : '') };
}

async function allMonitoring(
  engine: EngineStack,
  systems: Systems,
  blueprints: readonly Blueprint[],
  now: Date,
): Promise<PageData['monitoring']> {
  // What is in a cluster has no machine that could be asked
  const onMachines = Object.entries(systems).filter(([, { cluster }]) => cluster === undefined);
  const watching = watchers(Object.fromEntries(onMachines), blueprints);
  const key = watching.length === 0 ? '' : await deployKeyOf(engine).catch((error: Error) => error);
  const told = watching.map(async (machines): Promise<readonly [string, Monitoring]> => {
    const [{ system } = { system: '' }] = machines;
    try {
      if (key instanceof Error) throw key;
      return [system, await monitoringOf(machines, key, now)];
    } catch (error) {
      return [system, { kind: 'silent', why: error instanceof Error ? error.message : String(error) }];
    }
  });
  const none = Object.keys(systems).map((name): readonly [string, Monitoring] => [name, { kind: 'none' }]);
  return Object.fromEntries([...none, ...(await Promise.all(told))]);
}

const answerSeconds = 30;

async function monitoringOf(machines: readonly ChosenMachine[], key: string, now: Date): Promise<Monitoring> {
  const { system, outputs } = await firstOn(machines, 'its Prometheus is not asked');
  const script = `echo "alerts $(${firingCommand(system)} </dev/null)"\n${historyScript(system, now)}`;
  const { stdout } = await runRemotely(outputs, key, script, [], answerSeconds);
  const alerts = /^alerts (.+)$/m.exec(stdout)?.[1];
  return {
    kind: 'told',
    alerts: alerts === undefined ? undefined : readAlerts(alerts),
    history: readHistory(stdout, now),
  };
}

/** So many runs of the engine are shown */
const mostDeployments = 8;

async function deploymentsOf(engine: EngineStack): Promise<PageData['deployments']> {
  try {
    return (await stackHistory(engine, mostDeployments)).map(
      ({ kind = '', result = '', endTime, startTime, message = '', environment = {} }): Deployment => ({
        ...{ kind, result, message, at: endTime ?? startTime ?? '' },
        by: environment['git.author'] ?? '',
        commit: (environment['git.head'] ?? '').slice(0, 8),
      }),
    );
  } catch (error) {
    return { why: error instanceof Error ? error.message : String(error) };
  }
}
