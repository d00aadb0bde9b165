import { pinsText } from '../../model/pins.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import { lookFurther } from '../watch/ending.ts';
import type { WatchState } from '../watch/state.ts';
import type { DeploymentOutcome, FailedStep, Left } from './release.ts';
import type { NotNow } from './run.ts';

/** Whether the deployment ended as requested */
export const isWell = (outcome: DeploymentOutcome | NotNow): boolean =>
  outcome.kind === 'deployed' || (outcome.kind === 'not now' && outcome.order.kind === 'superseded');

/** Whether anything was begun */
export const hasRun = ({ kind }: DeploymentOutcome | NotNow): boolean =>
  kind === 'deployed' || kind === 'left' || kind === 'put back';

/**
 * Describes for people how a deployment ended and what to do next
 * @param stack its short name, as in Pulumi.<stack>.yaml
 */
export function outcomeText(stack: string, outcome: DeploymentOutcome | NotNow): string {
  switch (outcome.kind) {
    case 'not now':
      return notNowText(stack, outcome);
    case 'deployed':
      return `${stack} is deployed and healthy`;
    case 'refused':
      return `the deployment was refused before it started, see above: nothing was changed on stack ${stack}`;
    case 'moved':
      return `stack ${stack} was deployed by somebody else in the meantime: nothing was changed`;
    case 'left':
      return `the deployment of stack ${stack} failed: ${reasons[outcome.failure]}\n${leftText(outcome.why)}`;
    case 'put back': {
      const back = Object.entries(outcome.systems).map(([system, pins]) => `${system} ${pinsText(pins)}`);
      const done = outcome.again
        ? `the rollback failed too: ${reasons[outcome.again]} (${back.join('; ')}). Look at ` +
          `npx berth status ${stack}, fix the cause and deploy again`
        : `rolled back to the former versions, which are healthy (${back.join('; ')}). Pulumi.${stack}.yaml still names the ` +
          'version that failed, or its digest: correct it before the next deployment';
      return `the deployment of stack ${stack} failed: ${reasons[outcome.failure]}\n${done}`;
    }
  }
}

/** Returns the Markdown of a deployment's end for the summary of a GitHub run */
export function outcomeMarkdown(
  stack: string,
  outcome: DeploymentOutcome | NotNow,
  seen: StatusReport | undefined,
): string {
  const [first, ...rest] = outcomeText(stack, outcome).split('\n');
  const table = seen === undefined ? [] : ['', '```text', statusTable(seen).trimEnd(), '```'];
  return [`### ${signOf(outcome)} ${first}`, ...rest.flatMap((line) => ['', line]), ...table].join('\n');
}

/** Returns the command that follows a deployment: a look at what is live, or further at what failed */
export function nextAfter(stack: string, outcome: DeploymentOutcome | NotNow, failure: WatchState['failure']): string {
  if (isWell(outcome)) return `npx berth status ${stack}`;
  if (outcome.kind === 'refused' || outcome.kind === 'not now') return `npx berth diff ${stack}`;
  return lookFurther(stack, failure);
}

const signOf = (outcome: DeploymentOutcome | NotNow): string => {
  if (outcome.kind === 'deployed') return '✅';
  return isWell(outcome) ? '⏭️' : '❌';
};

const reasons: Readonly<Record<FailedStep, string>> = {
  engine: 'the engine did not finish it, see above',
  refused: 'it was refused before it started, see above',
  health: 'the deployed version is not healthy, see above',
};

function notNowText(stack: string, { order, here, deployed }: NotNow): string {
  if (order.kind === 'superseded') {
    return `superseded: stack ${stack} is deployed from ${deployed}, which contains ${here}: nothing was changed`;
  }
  const anyway = 'to deploy it nevertheless, add --older deploy (on GitHub: an input of the workflow)';
  if (order.kind === 'unknown') {
    return (
      `nothing was changed: stack ${stack} was deployed from ${deployed}, and whether ${here} is older is unknown: ` +
      `${order.reason}\n${anyway}`
    );
  }
  const { system, complete } = order.than;
  const what = system === undefined ? `stack ${stack}` : `system ${system} of stack ${stack}`;
  const how = complete ? 'was deployed' : 'was last deployed, unsuccessfully,';
  return `nothing was changed: ${what} ${how} from ${deployed}, which is newer than ${here} and contains it\n${anyway}`;
}

function leftText(why: Left): string {
  switch (why.kind) {
    case 'first':
      return 'no rollback, because nothing was deployed before: fix the cause and deploy again';
    case 'same':
      return 'no rollback, because neither versions nor digests have changed: the cause is another change, or existed before';
    case 'overtaken':
      return 'no rollback, because somebody else has deployed the stack since: their deployment is the current one';
    case 'migrated': {
      const pages = Object.entries(why.runbooks).map(([system, page]) => `${system}: ${page}`);
      return `no rollback, because a migration may have run and the former version may not work with the new data. See ${pages.join(', ')}`;
    }
  }
}
