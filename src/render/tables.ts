// Root's programs on the machine read these files line by line: a value from outside must not be able to add a line

/**
 * Returns a text of lines
 * @throws when an item contains a line break
 */
export const lines = (items: readonly string[]): string => items.map((item) => `${oneLine(item)}\n`).join('');

function oneLine(text: string): string {
  if (text.includes('\n')) throw new Error(`${JSON.stringify(text)} has a line break and can't be a line of a file`);
  return text;
}
