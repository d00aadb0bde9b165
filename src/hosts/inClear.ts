import * as pulumi from '@pulumi/pulumi';

/**
 * Returns the inputs of a resource hook without secret wrappers. Wrappers can be nested, where a plugin marks a value
 * or a part of it that the program had marked already; Pulumi's SDK removes only the outermost one.
 */
export async function inClear(value: unknown): Promise<unknown> {
  if (pulumi.Output.isInstance(value)) return inClear(await new Promise((resolve) => value.apply(resolve)));
  if (Array.isArray(value)) return Promise.all(value.map(inClear));
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value);
  if (entries.some(([key, mark]) => key === SIGNATURE && mark === SECRET)) {
    return inClear(entries.find(([key]) => key === 'value')?.[1]);
  }
  return Object.fromEntries(await Promise.all(entries.map(async ([key, item]) => [key, await inClear(item)] as const)));
}

/** Marks of a secret in the engine's protocol */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
