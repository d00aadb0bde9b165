/** Text as it is shown: what Markdown, HTML and the generator would take for their own is written out */
export const plain = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('{{', '{&#8203;{').replaceAll('|', '\\|');

/** The same, with the parts in backticks kept as code */
export const prose = (text: string): string =>
  text
    .split(/(`[^`]+`)/)
    .map((part) => (part.startsWith('`') && part.length > 1 ? code(part.slice(1, -1)) : plain(part)))
    .join('');

/** A value as code, also in a table and where it has backticks of its own */
export function code(text: string): string {
  const shown = text.replaceAll('|', '\\|').replaceAll('\n', ' ');
  return shown.includes('`') ? `\`\` ${shown} \`\`` : `\`${shown}\``;
}

export const table = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => '---'), ...rows].map((cells) => `| ${cells.join(' | ')} |`).join('\n');

export const fenced = (language: string, text: string): string => `\`\`\`${language}\n${text.trimEnd()}\n\`\`\``;

/** A text that begins like a sentence and ends like one */
export function sentence(text: string): string {
  const first = `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
  return /[.:!?]$/.test(first) ? first : `${first}.`;
}
