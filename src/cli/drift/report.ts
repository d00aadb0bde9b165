import { code, inlineCode } from '../github/markdown.ts';
import { planMarkdown } from '../preview/markdown.ts';
import type { PreviewedPlan } from '../preview/planned.ts';
import type { HostDifference } from '../status/check.ts';

/** Result of a drift check */
export interface DriftResult {
  /** Name of the stack */
  stack: string;
  cloud: Omit<PreviewedPlan, 'clean'>;
  /** Absent where machines were not checked */
  hosts?: readonly HostDifference[];
  /** Machines that were not checked because their schedule has them off: their hours in words, by name */
  off?: Readonly<Record<string, string>>;
}

/** Whether something differs from the deployment; a cloud that could not be compared does not count */
export const differs = ({ cloud, hosts = [] }: DriftResult): boolean =>
  hosts.length > 0 || (cloud.failure === undefined && cloud.plan.steps.length > 0);

/** Returns the Markdown report. Machines come first, because a diff that is too long loses its end. */
export function driftMarkdown(found: DriftResult): string {
  const { stack, cloud, hosts, off = {} } = found;
  const title = `Changes that would bring the cloud of ${inlineCode(stack)} to its declared state`;
  const machines = hosts === undefined ? 'No machine was checked.' : hostsText(stack, hosts);
  const asleep = Object.entries(off).map(([name, hours]) => `${inlineCode(name)} was not checked: it is ${hours}.\n\n`);
  return `${machines}\n\n${asleep.join('')}${planMarkdown({ title, ...cloud })}`;
}

function hostsText(stack: string, hosts: readonly HostDifference[]): string {
  const title = `## The machines of ${inlineCode(stack)}`;
  if (hosts.length === 0) return `${title}: nothing differs`;
  const machines = [...new Set(hosts.map(({ machine }) => machine))].map((name) => {
    const lines = hosts
      .filter(({ machine }) => machine === name)
      .map(({ kind, what, difference }) => `${kind} ${what} ${difference}`);
    return `${inlineCode(name)}\n\n${code(lines.join('\n'), 'text')}`;
  });
  return [`${title}: ${hosts.length} ${hosts.length === 1 ? 'difference' : 'differences'}`, ...machines].join('\n\n');
}
