import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';

/** Returns the text of a page between its comments `<!-- name -->` and `<!-- /name -->`. @throws without them */
export function markedIn(page: string, name: string): string {
  const [from, to] = placeIn(page, name);
  return page.slice(from, to).trim();
}

/** Returns a page with another text between its comments `<!-- name -->` and `<!-- /name -->`. @throws without them */
export function withMarked(page: string, name: string, text: string): string {
  const [from, to] = placeIn(page, name);
  return `${page.slice(0, from)}\n${text.trim()}\n${page.slice(to)}`;
}

function placeIn(page: string, name: string): [number, number] {
  const [begin, end] = [`<!-- ${name} -->`, `<!-- /${name} -->`];
  const [from, to] = [page.indexOf(begin), page.indexOf(end)];
  if (from === -1 || to < from) throw new Error(`the page has no text between ${begin} and ${end}`);
  return [from + begin.length, to];
}

/** Writes what a run has found into a page of the documentation */
export async function writeMarked(page: string, name: string, text: string): Promise<void> {
  const path = join(checkout, page);
  await writeFile(path, withMarked(await readFile(path, 'utf8'), name, text));
}
