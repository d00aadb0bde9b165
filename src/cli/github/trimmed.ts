/** Characters that GitHub takes in a comment's or an issue's body */
export const bodyLimit = 65_536;

/** Characters for a step's summary: GitHub takes 1 MiB (1,048,576 bytes), and a character may take three */
export const summaryLimit = 349_000;

/**
 * Markdown that is no longer than a limit: cut after a whole line, with what was open there closed and a word that it
 * was cut.
 * @param limit in characters, no less than 1,000
 */
export function trimmed(markdown: string, limit: number): string {
  if (markdown.length <= limit) return markdown;
  const note = `\n\n**Trimmed**: ${count(markdown)} characters are more than fit here; the job's log has them all.\n`;
  let kept = cutAfterLine(markdown, limit - note.length);
  // What has to be closed depends on what is left, and takes room itself
  while (kept.length + closing(kept).length + note.length > limit) {
    kept = cutAfterLine(markdown, kept.length - closing(kept).length - 1);
  }
  return `${kept}${closing(kept)}${note}`;
}

const count = (text: string): string => text.length.toLocaleString('en');

/** A line that is longer than all the room is cut within */
function cutAfterLine(text: string, length: number): string {
  const end = text.lastIndexOf('\n', length - 1);
  if (end > length / 2) return text.slice(0, end);
  // Not between the halves of a character
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** What ends the code and the folds that a text leaves open */
function closing(text: string): string {
  let fence = '';
  let folds = 0;
  for (const line of text.split('\n')) {
    const [, ticks] = /^(`{3,})/.exec(line) ?? [];
    if (fence !== '') {
      if (ticks && ticks.length >= fence.length && line.trimEnd() === ticks) fence = '';
    } else if (ticks) fence = ticks;
    else folds += line.split('<details>').length - line.split('</details>').length;
  }
  const code = fence === '' ? '' : `\n${fence}`;
  return `${code}${'\n\n</details>'.repeat(Math.max(0, folds))}`;
}
