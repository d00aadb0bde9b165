import { operations } from '../preview/plan.ts';
import { isMachine, type PlannedStep } from './state.ts';

export const words = { replace: 'replace', delete: 'delete', create: 'create', update: 'change' } as const;

/** Names of a line; more are counted */
const most = 8;

/** Returns what a deployment changes: a line a machine, then what belongs to no machine */
export function planLines(plan: readonly PlannedStep[], unchanged: number): readonly string[] {
  const stays = unchanged === 0 ? '' : `, ${unchanged} ${unchanged === 1 ? 'stays' : 'stay'}`;
  if (plan.length === 0) return [`plan: nothing changes${stays}`];
  const machines = [...new Set(plan.map(({ machine }) => machine).filter(isMachine))];
  const width = Math.max(0, ...machines.map((name) => name.length));
  const others = plan
    .filter(({ machine }) => !isMachine(machine))
    .map(({ machine, operation }) => ({ step: machine, operation }));
  return [
    `plan: ${plan.length} ${plan.length === 1 ? 'change' : 'changes'}${stays}`,
    ...machines.map((name) => `  ${name.padEnd(width)}  ${changes(plan.filter(({ machine }) => machine === name))}`),
    ...(others.length > 0 ? [`  ${'besides'.padEnd(width)}  ${changes(others)}`] : []),
  ];
}

function changes(steps: readonly Pick<PlannedStep, 'step' | 'operation'>[]): string {
  const said = operations.flatMap((operation) => {
    const names = [...new Set(steps.filter((one) => one.operation === operation).map(({ step }) => step))];
    const more = names.length > most ? ` and ${names.length - most} more` : '';
    return names.length === 0 ? [] : [`${words[operation]} ${names.slice(0, most).join(', ')}${more}`];
  });
  return said.join('; ');
}
