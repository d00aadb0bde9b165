/** Returns a text as a code block, whose fence is longer than any fence within */
export function code(text: string, language = ''): string {
  const longest = Math.max(2, ...(text.match(/`+/g) ?? []).map((ticks) => ticks.length));
  const fence = '`'.repeat(longest + 1);
  return `${fence}${language}\n${text}${text.endsWith('\n') ? '' : '\n'}${fence}`;
}

/** Returns a text as inline code, with everything in it escaped */
export function inlineCode(text: string): string {
  const line = text.replace(/\s+/g, ' ');
  return line.includes('`') ? `<code>${escaped(line).replaceAll('`', '&#96;')}</code>` : `\`${line}\``;
}

/** Returns a collapsed section */
export const fold = (title: string, content: string): string =>
  `<details>\n<summary>${escaped(title)}</summary>\n\n${content}\n\n</details>`;

const escaped = (text: string): string => text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
