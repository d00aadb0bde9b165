import { isDeepStrictEqual } from 'node:util';
import { environmentInput } from '../../config/file.ts';
import type { Blueprint } from '../../model/blueprint.ts';
import type { Environment } from '../../model/environment.ts';
import { bySystem } from '../../model/inPlace.ts';
import { catchInterrupt } from '../../process/interrupt.ts';
import type { EngineStack } from '../../pulumi/stack.ts';
import { stackName } from '../../pulumi/stackName.ts';
import { loadOffline } from '../environment.ts';
import { stackHistory, type Update } from '../history.ts';
import { formerSystems } from '../outputs.ts';
import { stackSecrets } from '../preview/scrub.ts';
import type { StatusReport } from '../status/report.ts';
import type { Watch } from '../watch/watch.ts';
import { ancestryOf } from './ancestry.ts';
import { readAgain } from './failedChanges.ts';
import { refuseMachinesOff } from './machinesOff.ts';
import { commitsInEffect, type DeployedCommit, type Older, type Order, orderOf } from './order.ts';
import { type DeploymentOutcome, deployOrPutBack } from './release.ts';
import { machinesOfRole, oneRole, oneSystem, type Scope, wholeStack } from './scope.ts';
import { stackSourceOf } from './stackSource.ts';
import { engineSteps } from './steps.ts';
import { type Turn, turnOf } from './turn.ts';
import type { Part } from './up.ts';

interface Given {
  stack: string;
  environment: Environment;
  blueprints: readonly Blueprint[];
  /** Name of the only system to deploy; undefined for all */
  system: string | undefined;
  /** The only role of that system to deploy. @default all of them */
  role?: string | undefined;
  older: Older;
  /** Seconds until the deployed systems must be healthy */
  waitSeconds: number;
  /** Seconds to wait for the stack's lock, and as long again for putting back */
  turnSeconds: number;
  watch: Watch;
}

/** A deployment that did not start because of the order of commits, with both commits as people know them */
export interface NotNow {
  kind: 'not now';
  order: Exclude<Order, { kind: 'deploy' }>;
  here: string;
  deployed: string;
}

export interface Ended {
  outcome: DeploymentOutcome | NotNow;
  /** Last status report, where there was one */
  seen?: StatusReport | undefined;
}

/** Deploys a stack once its lock is free, unless a newer commit is deployed by then */
export async function deployStack(given: Given): Promise<Ended> {
  const { stack, turnSeconds: seconds } = given;
  catchInterrupt();
  const turn = () => turnOf({ stack, seconds, say });
  const turns = { there: turn(), back: turn() };
  for (;;) {
    const ended = await asItStands(given, turns);
    if (ended.outcome.kind !== 'moved') return ended;
    say(`stack ${stack} was deployed by somebody else in the meantime: reading it again`);
  }
}

/** Deploys over the current state of the stack; another deployment that ends before this one begins prevents it */
async function asItStands(given: Given, turns: { there: Turn; back: Turn }): Promise<Ended> {
  const { stack, environment, system, role, older, waitSeconds, watch } = given;
  const declared = bySystem(given.blueprints);
  const source = await stackSourceOf(stack, environment);
  try {
    const on = await source.ready(source.text);
    if (watch.json) watch.hide(await stackSecrets(on));
    await readAgain(on, 'what failed changes left', say);
    // Reads the history first, so that the gate notices a deployment between the two reads
    const history = await stackHistory(on, 20);
    const former = await formerSystems(on);
    const notNow = await obstacle(on, commitsInEffect(history, system), older, system);
    if (notNow) return { outcome: notNow };
    const scope = { text: source.text, environment, declared, former };
    await refuseMachinesOff(former, declared, environment.images, system);
    const { text, plan } = scopeOf(given, scope);
    const stands = (last: Update | undefined) => isDeepStrictEqual(last, history[0]);
    const part = partOf(given);
    const alone = { ...(part && { part }), ...(role !== undefined && { role }) };
    const steps = engineSteps({ source, stands, turns, waitSeconds, engine: watch.engine, ...alone });
    const outcome = await deployOrPutBack(text, plan, steps);
    return { outcome, seen: steps.seen() };
  } finally {
    await source.remove();
  }
}

function scopeOf({ system, role, stack }: Given, scope: Parameters<typeof oneSystem>[1]): Scope {
  if (system === undefined) return wholeStack(scope);
  if (role === undefined) return oneSystem(system, scope);
  const name = stackName(stack);
  const blueprintOf = (text: string) => {
    const { blueprints } = loadOffline(environmentInput(text, `Pulumi.${name}.yaml`, name));
    return blueprints.find((one) => one.system === system);
  };
  return oneRole(system, role, scope, blueprintOf);
}

function partOf({ system, role, blueprints }: Given): Part | undefined {
  if (system === undefined) return undefined;
  const blueprint = blueprints.find((one) => one.system === system);
  return { system, ...(blueprint && role !== undefined && { machines: machinesOfRole(blueprint, role) }) };
}

/**
 * Returns why this commit is not deployed now, or undefined; prints the deployed commits that it replaces without
 * containing them
 */
async function obstacle(
  on: EngineStack,
  deployed: readonly DeployedCommit[],
  older: Older,
  system: string | undefined,
): Promise<NotNow | undefined> {
  const git = ancestryOf(on.project, process.env);
  const compared = [];
  for (const one of deployed) compared.push({ ...one, relation: await git.relation(one.commit) });
  const order = orderOf(compared, older, system);
  if (order.kind !== 'deploy') {
    const { commit } = order.kind === 'superseded' ? order.by : order.than;
    return { kind: 'not now', order, here: (await git.here()) ?? 'this folder', deployed: await git.named(commit) };
  }
  for (const { commit } of order.apart) {
    say(`stack ${on.stack} was deployed from ${await git.named(commit)}, on another branch: this commit replaces it`);
  }
  return undefined;
}

const say = (line: string): void => console.error(line);
