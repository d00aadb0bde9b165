// The machine reads these line by line, tab by tab, as root: nothing that comes from outside may add a line or a column

export const lines = (items: readonly string[]): string => items.map((item) => `${without(/\n/, item)}\n`).join('');

export const table = (head: string, rows: readonly (readonly string[])[]): string =>
  lines([`# ${head}`, ...rows.map((row) => row.map((cell) => without(/^$|\t/, cell)).join('\t'))]);

/** Text between two single quotes of a shell */
export const unquoted = (value: string): string => without(/'/, value);

/** @throws when the text has what is forbidden */
function without(forbidden: RegExp, text: string): string {
  if (forbidden.test(text))
    throw new Error(
      `${JSON.stringify(text)} can't stand in a list of the bundle: it is empty, or has a tab, line break or quote`,
    );
  return text;
}
