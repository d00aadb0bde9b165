/** Returns a stack's configuration with objects parsed: the engine passes objects as JSON and texts unchanged */
export const parsedValues = (config: Readonly<Record<string, string>>): Record<string, unknown> =>
  Object.fromEntries(Object.entries(config).map(([key, value]) => [key, parsed(value)]));

function parsed(value: string): unknown {
  try {
    return JSON.parse(value);
  } catch {
    return value;
  }
}
