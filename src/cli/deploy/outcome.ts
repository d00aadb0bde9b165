import { pinsText } from '../../model/pins.ts';
import type { StatusReport } from '../status/report.ts';
import { statusTable } from '../status/reportTable.ts';
import type { Failure, Outcome } from './release.ts';

/**
 * How a deployment ended, and what to do next: lines for a person.
 * @param stack its own name, as in Pulumi.<stack>.yaml
 */
export function outcomeText(stack: string, outcome: Outcome): string {
  switch (outcome.kind) {
    case 'deployed':
      return `${stack} is deployed and healthy`;
    case 'refused':
      return `the deployment was refused before it began, see above: nothing was changed on stack ${stack}`;
    case 'left':
      return `the deployment of stack ${stack} failed: ${reasons[outcome.failure]}\n${leftText(outcome.why)}`;
    case 'put back': {
      const back = Object.entries(outcome.systems).map(([system, pins]) => `${system} ${pinsText(pins)}`);
      const done = outcome.again
        ? `putting back what was deployed before failed too: ${reasons[outcome.again]} (${back.join('; ')}). Look at ` +
          `npx berth status ${stack}, put it right and deploy again`
        : `what was deployed before is put back and healthy (${back.join('; ')}). Pulumi.${stack}.yaml still names the ` +
          'version that failed: change it before the next deployment';
      return `the deployment of stack ${stack} failed: ${reasons[outcome.failure]}\n${done}`;
    }
  }
}

/** How a deployment ended, for the summary of a run on GitHub */
export function outcomeMarkdown(stack: string, outcome: Outcome, seen: StatusReport | undefined): string {
  const [first, ...rest] = outcomeText(stack, outcome).split('\n');
  const table = seen === undefined ? [] : ['', '```text', statusTable(seen).trimEnd(), '```'];
  return [
    `### ${outcome.kind === 'deployed' ? '✅' : '❌'} ${first}`,
    ...rest.flatMap((line) => ['', line]),
    ...table,
  ].join('\n');
}

const reasons: Readonly<Record<Failure, string>> = {
  engine: 'the engine could not finish it, see above',
  refused: 'it was refused before it began, see above',
  health: 'what it deployed is not healthy, see above',
};

function leftText(why: Extract<Outcome, { kind: 'left' }>['why']): string {
  switch (why.kind) {
    case 'first':
      return 'nothing was put back, as nothing was deployed before: put it right and deploy again';
    case 'same':
      return 'nothing was put back, as the versions are those of before: the cause is another change, or was there already';
    case 'migrated': {
      const pages = Object.entries(why.runbooks).map(([system, page]) => `${system}: ${page}`);
      return `nothing was put back, as a migration may have run, and a former version may not know the new data. Read on in ${pages.join(', ')}`;
    }
  }
}
