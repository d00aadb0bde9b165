import * as pulumi from '@pulumi/pulumi';

/**
 * What a resource hook was given, without the wrappers of its secrets. A plugin may mark a value as secret that the
 * program had marked already, or a part of it: Pulumi's SDK takes off the outermost mark alone.
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

/** How the engine's protocol marks a secret */
const SIGNATURE = '4dabf18193072939515e22adb298388d';
const SECRET = '1b47061264138c4ac30d75fd1eb44270';
