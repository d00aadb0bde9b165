import { settingLine } from '../../config/secrets.ts';
import type { Problem } from '../../model/problem.ts';
import { type Finding, findingsText } from '../new/finding.ts';
import type { Entry } from './entry.ts';

export interface Report {
  stack: string;
  findings: readonly Finding[];
  entries: readonly Entry[];
  /** What the file still lacks, or has wrong */
  problems: readonly Problem[];
  /** Command that imports. @default there is nothing to import */
  command?: string;
}

/** Returns what a person reads after the file: what was left out, secrets with their commands, what is still to write */
export function reportText({ stack, findings, entries, problems, command }: Report): string {
  const named = entries.flatMap(({ system, secrets, needed }) => [
    ...Object.entries(needed).map(([name, what]) => [`${system}/${name}`, what] as const),
    ...Object.entries(secrets).map(([name, setting]) => [`${system}/${name}`, `was ${setting}`] as const),
  ]);
  const secrets = [...new Map<string, string>(named)].map(
    ([name, what]) => `  ${name}: ${what}\n    $ ${settingLine(name, stack)}\n`,
  );
  const missing = problems
    // Those of secrets are said above, with the same commands
    .filter(({ path }) => !path.startsWith('berth:secrets'))
    .map(({ path, message, allowed }) => `  ${path}: ${message}${allowed === undefined ? '' : ` (${allowed})`}\n`);
  const sections = [
    findingsText(findings),
    secrets.length === 0 ? '' : `secrets, which are read from standard input:\n${secrets.join('')}`,
    missing.length === 0 ? '' : `to write in Pulumi.${stack}.yaml:\n${missing.join('')}`,
    next(stack, command),
  ];
  return sections.filter((text) => text !== '').join('\n');
}

const next = (stack: string, command: string | undefined): string =>
  [
    'next:',
    ...[`npx berth init ${stack}`, `npx berth render ${stack}`].map((text) => `  $ ${text}`),
    // The engine that berth uses, and the stack's own passphrase
    ...(command === undefined ? [] : [`  $ eval "$(npx berth env ${stack})"`, `  $ ${command}`]),
    `  $ npx berth preflight ${stack}`,
    '',
  ].join('\n');
