import type { Problem } from '../model/problem.ts';

/** Error for an unusable environment file, with all of its problems */
export class ConfigError extends Error {
  readonly source: string;
  readonly problems: readonly Problem[];

  /** @param source the file's name in the message */
  constructor(source: string, problems: readonly Problem[]) {
    super(report(source, problems));
    this.name = 'ConfigError';
    this.source = source;
    this.problems = problems;
  }
}

function report(source: string, problems: readonly Problem[]): string {
  const count = problems.length === 1 ? '1 problem' : `${problems.length} problems`;
  return [`${source}: ${count}, nothing was changed`, ...problems.map(paragraph)].join('\n\n');
}

function paragraph({ path, line, value, message, allowed, fix }: Problem): string {
  const what = value === undefined ? message : `${value} ${message}`;
  return [
    line === undefined ? `  ${path}` : `  ${path} (line ${line})`,
    `    ${what}`,
    ...(allowed === undefined ? [] : [`    allowed: ${allowed}`]),
    ...(fix === undefined ? [] : [`    fix: ${fix}`]),
  ].join('\n');
}
