import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { checkout } from '../src/paths.ts';

/** A command that a page tells people to type */
export interface Told {
  page: string;
  text: string;
  /** Whether the page says that a test runs it: by `run` after the block's language */
  runs: boolean;
  /** Whether it stands in a block of its own, whole, and not in a sentence, where its arguments may be left out */
  whole: boolean;
}

/** The pages of the documentation */
export const pages: readonly string[] = [
  ...['README.md', 'CONTRIBUTING.md', 'SECURITY.md'],
  ...readdirSync(join(checkout, 'docs'))
    .filter((name) => name.endsWith('.md'))
    .map((name) => `docs/${name}`),
  ...readdirSync(join(checkout, 'systems')).map((name) => `systems/${name}/README.md`),
];

/** Every command in a block of a shell or between backticks */
export function toldIn(page: string): readonly Told[] {
  const text = readFileSync(join(checkout, page), 'utf8');
  const parts = text.split(/^```/m);
  return parts.flatMap((part, at): readonly Told[] => {
    if (at % 2 === 0)
      return [...part.matchAll(/`([^`]+)`/g)].map(([, code = '']) => {
        return { page, text: code.replaceAll('\n', ' '), runs: false, whole: false };
      });
    const [head = '', ...lines] = part.split('\n');
    const [language = '', mark] = head.split(' ');
    if (!['console', 'sh', 'bash'].includes(language)) return [];
    const typed = language === 'console' ? lines.filter((line) => line.startsWith('$ ')) : lines;
    return typed.map((line) => ({ page, text: line.replace(/^\$ /, ''), runs: mark === 'run', whole: true }));
  });
}

/** The words after `berth` of each call of it in a command, as a shell splits them */
export const berthCalls = (text: string): readonly (readonly string[])[] => calls(text, /(?:^|npx |\(|")berth /);

/** The words after `npm` of each call of it */
export const npmCalls = (text: string): readonly (readonly string[])[] => calls(text, /(?:^|; |&& )npm /);

function calls(text: string, before: RegExp): readonly (readonly string[])[] {
  const [, ...after] = text.replace(/\s#\s.*$/, '').split(before);
  return after.map((rest) => words(rest.split(/\)"|[|;]|\s&&|\s[<>](?![a-z])|\)$/)[0] ?? ''));
}

const words = (text: string): readonly string[] =>
  [...text.matchAll(/"([^"]*)"|'([^']*)'|(\S+)/g)].map(([, double, single, bare]) => double ?? single ?? bare ?? '');
