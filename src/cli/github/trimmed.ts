/** Characters that GitHub allows in the body of a comment or issue */
export const bodyLimit = 65_536;

/** Characters for a step's summary: GitHub allows 1 MiB (1,048,576 bytes), and a character may take three */
export const summaryLimit = 349_000;

/**
 * Returns Markdown within a limit: cut after a whole line, with open blocks closed and a note about the cut
 * @param limit in characters, at least 1,000
 */
export function trimmed(markdown: string, limit: number): string {
  if (markdown.length <= limit) return markdown;
  const note = `\n\n**Trimmed**: ${count(markdown)} characters exceed the limit; the job's log has the full text.\n`;
  let kept = cutAfterLine(markdown, limit - note.length);
  // The closing text depends on the kept text and needs space itself
  while (kept.length + closing(kept).length + note.length > limit) {
    kept = cutAfterLine(markdown, kept.length - closing(kept).length - 1);
  }
  return `${kept}${closing(kept)}${note}`;
}

const count = (text: string): string => text.length.toLocaleString('en');

/** Cuts after a line, or within a line that is too long */
function cutAfterLine(text: string, length: number): string {
  const end = text.lastIndexOf('\n', length - 1);
  if (end > length / 2) return text.slice(0, end);
  // Not within a surrogate pair
  return text.slice(0, length).replace(/[\uD800-\uDBFF]$/, '');
}

/** Returns the text that closes the code blocks and folds that a text leaves open */
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
