import { code, inlineCode } from '../github/markdown.ts';
import { planMarkdown } from '../preview/markdown.ts';
import type { Planned } from '../preview/planned.ts';
import type { HostDifference } from '../status/check.ts';

/** What was looked at, and how it was found */
export interface Found {
  /** The stack's name */
  stack: string;
  cloud: Omit<Planned, 'clean'>;
  /** Absent where no machine was asked */
  hosts?: readonly HostDifference[];
  /** Machines that were not looked at since their schedule has them off: until when, in words */
  off?: Readonly<Record<string, string>>;
}

/** Whether something is otherwise than it was deployed; of a cloud that could not be asked, nothing is known */
export const differs = ({ cloud, hosts = [] }: Found): boolean =>
  hosts.length > 0 || (cloud.failure === undefined && cloud.plan.steps.length > 0);

/** Both in Markdown; the machines first, for a diff that is too long loses its end */
export function driftMarkdown(found: Found): string {
  const { stack, cloud, hosts, off = {} } = found;
  const title = `What the cloud of ${inlineCode(stack)} would need to be as declared`;
  const machines = hosts === undefined ? 'No machine was asked.' : hostsText(stack, hosts);
  const asleep = Object.entries(off).map(([name, hours]) => `${inlineCode(name)} was not looked at: ${hours}.\n\n`);
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
