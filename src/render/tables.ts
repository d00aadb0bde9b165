// Programs of the machine read these line by line, as root: nothing that comes from outside may add a line

/** @throws when one of them has a line break */
export const lines = (items: readonly string[]): string => items.map((item) => `${oneLine(item)}\n`).join('');

function oneLine(text: string): string {
  if (text.includes('\n')) throw new Error(`${JSON.stringify(text)} has a line break and can't be a line of a file`);
  return text;
}
