/** Returns a text table: columns padded to their widest cell and two spaces apart, without trailing spaces */
export function table(head: readonly string[], rows: readonly (readonly string[])[]): string {
  const all = [head, ...rows].map((row) => row.map(printable));
  const widths = head.map((_, column) => Math.max(...all.map((row) => row[column]?.length ?? 0)));
  const line = (row: readonly string[]): string =>
    row
      .map((cell, column) => cell.padEnd(widths[column] ?? 0))
      .join('  ')
      .trimEnd();
  return all.map((row) => `${line(row)}\n`).join('');
}

/**
 * Replaces control characters, because cells may contain text from other machines that must not control the terminal
 */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
