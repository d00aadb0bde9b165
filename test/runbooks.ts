import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../src/paths.ts';

/** A section of a page: a symptom, and the one command that tells its causes apart */
export interface Runbook {
  heading: string;
  /** The words of its first command, after `berth`; a stack is `<stack>`. None where it begins with another text */
  words: readonly string[];
}

/** Returns the runbooks of a system's page: the parts of its section `When something is wrong` */
export function runbooksOf(page: string): readonly Runbook[] {
  const text = readFileSync(join(checkout, page), 'utf8');
  const section = text.split(/^## /m).find((part) => part.startsWith('When something is wrong\n')) ?? '';
  return section
    .split(/^### /m)
    .slice(1)
    .map((part) => {
      const [heading = '', ...lines] = part.split('\n');
      return { heading, words: firstCommand(lines.join('\n')) };
    });
}

/** After no more than a paragraph, which is the symptom */
const firstCommand = (text: string): readonly string[] =>
  /^\n(?:.+\n)*\n```console\n\$ npx berth (.+)\n```\n/.exec(text)?.[1]?.split(' ') ?? [];

/** @throws where the page has no such runbook */
export function runbookOf(page: string, heading: string): Runbook {
  const found = runbooksOf(page).find((one) => one.heading === heading);
  if (!found || found.words.length === 0) throw new Error(`${page} has no runbook with a command "${heading}"`);
  return found;
}
