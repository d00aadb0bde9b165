import { countsOf } from '../preview/markdown.ts';
import { operations, type Plan } from '../preview/plan.ts';

const words = { replace: 'replace', delete: 'delete', create: 'create', update: 'change' } as const;

/** Returns a plan for a terminal: counts, then a line for each operation with the names of its resources */
export function planText(plan: Plan): string {
  const lines = operations.flatMap((operation) => {
    const names = plan.steps.filter((step) => step.operation === operation).map(({ name }) => name);
    return names.length === 0 ? [] : [`  ${words[operation]}: ${[...new Set(names)].join(', ')}`];
  });
  return [countsOf(plan), ...lines].join('\n');
}
