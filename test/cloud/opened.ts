// Pulumi's own mark of a secret on the wire (sdk/nodejs/runtime/rpc.ts)
const sealMark = '4dabf18193072939515e22adb298388d';

/** Inputs of a resource as its provider gets them: with their secrets */
export function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  if (sealMark in value) return opened((value as { value?: unknown }).value);
  return Object.fromEntries(Object.entries(value).map(([key, inner]) => [key, opened(inner)]));
}
