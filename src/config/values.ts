/** A stack's configuration as its file holds it: the engine hands objects over as JSON, a plain text stays one */
export const parsedValues = (config: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parsed(value)]));

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
