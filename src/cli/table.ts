/** Columns padded to their widest cell, two spaces apart, without trailing spaces; the last column runs free */
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

/** Some of it comes from other machines, and nothing of theirs may steer a terminal */
export const printable = (text: string): string => text.replace(/[\p{Cc}\p{Cf}]/gu, '?');
