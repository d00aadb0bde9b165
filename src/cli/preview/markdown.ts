import { code, fold, inlineCode } from '../github/markdown.ts';
import { type EngineProblem, operations, type Plan, type PlannedOperation } from './plan.ts';
import type { PreviewedPlan } from './planned.ts';

/** A plan to show as Markdown */
export interface ShownPlan extends Omit<PreviewedPlan, 'clean'> {
  /** Short title, such as the stack */
  title: string;
  /** What it does to the stack's cost, as Markdown. @default nothing is said */
  cost?: string;
}

/**
 * Returns the plan as Markdown: counts, replacements, deletions, then the rest. The diff is last, because a text that
 * is too long loses its end.
 */
export function planMarkdown({ title, plan, diff, failure, cost }: ShownPlan): string {
  const failed = failure !== undefined;
  const heading = failed ? 'the preview failed' : countsOf(plan);
  const errors = plan.problems.filter(({ severity }) => severity === 'error');
  const words = failed && errors.length === 0 ? [code(failure, 'text')] : [];
  const paragraphs = [
    `## ${title}: ${heading}`,
    ...(plan.unchanged > 0 && !failed ? [`${plan.unchanged} unchanged.`] : []),
    ...words,
    ...(cost === undefined ? [] : [cost]),
    ...plan.problems.map(problemText),
    ...groups.flatMap(({ operation, head }) => groupText(head, ofOperation(plan, operation))),
    ...(plan.steps.length > 0 ? [fold('The diff', code(diff, 'diff'))] : []),
  ];
  return `${paragraphs.join('\n\n')}\n`;
}

/** Returns counts such as `1 to replace, 3 to create`; operations that lose something come first */
export function countsOf(plan: Plan): string {
  const counts = operations.flatMap((operation) => {
    const count = ofOperation(plan, operation).length;
    return count > 0 ? [`${count} to ${operation}`] : [];
  });
  return counts.join(', ') || 'nothing changes';
}

const ofOperation = ({ steps }: Plan, operation: PlannedOperation['operation']): readonly PlannedOperation[] =>
  steps.filter((step) => step.operation === operation);

/** Operations that are listed by name; new resources are in the diff only, since a first deployment has nothing else */
const groups = [
  { operation: 'replace', head: 'Replaced: deleted and created again' },
  { operation: 'delete', head: 'Deleted' },
  { operation: 'update', head: 'Changed in place' },
] as const;

function groupText(head: string, steps: readonly PlannedOperation[]): readonly string[] {
  if (steps.length === 0) return [];
  const lines = steps.map(({ name, type, properties }) => {
    const why = properties.length > 0 ? `: ${properties.map(inlineCode).join(', ')}` : '';
    return `- ${inlineCode(name)} (${inlineCode(type)})${why}`;
  });
  return [`**${head}**\n\n${lines.join('\n')}`];
}

function problemText({ severity, message, name }: EngineProblem): string {
  const about = name === undefined ? '' : ` of ${inlineCode(name)}`;
  return `**${severity === 'error' ? 'Error' : 'Warning'}**${about}\n\n${code(message, 'text')}`;
}
