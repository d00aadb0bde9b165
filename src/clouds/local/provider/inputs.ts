import { z } from 'zod';
import {
  type CheckFailure,
  type CheckResult,
  containsSecret,
  containsUnknown,
  type Properties,
  unwrap,
} from '../../../pulumi/plugin.ts';

/** Name that docker accepts for a container, a network or a volume */
export const dockerName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/, 'letters, digits, ".", "_" and "-", at most 63');

export const ipv4 = z.ipv4();

/** Address or network. IPv6 is accepted but matches nothing, since local machines have no IPv6. */
export const networkOrAddress = z.union(
  [z.ipv4(), z.cidrv4(), z.cidrv6(), z.ipv6()],
  'an address or a network, such as 203.0.113.0/24',
);

export const port = z.int().min(1).max(65535);

/** Inputs of every container on a network */
export const placed = {
  name: dockerName,
  network: dockerName,
  address: ipv4,
  aliases: z.array(z.string().min(1)).default([]),
  image: z.string().min(1),
  /** Always true; a refresh sets it to false if the container is stopped or missing */
  running: z.boolean(),
};

/**
 * Returns the inputs unchanged, with every problem in them. Values that are unknown during a preview are not checked.
 */
export function checkInputs(schema: z.ZodType, inputs: Properties): CheckResult {
  const result = schema.safeParse(plain(inputs));
  const failures = (result.error?.issues ?? [])
    .filter(({ path }) => path.length === 0 || !containsUnknown(inputs[String(path[0])]))
    .map(({ path, message }) => failure(path, message, inputs));
  return { inputs, failures };
}

/** Returns the inputs with secrets unwrapped and defaults filled in */
export function parsed<T>(schema: z.ZodType<T>, inputs: Properties): T {
  return schema.parse(plain(inputs));
}

/**
 * The engine prints the value of the property that a failure names, so a failure must not name a property with a secret
 */
function failure(path: PropertyKey[], message: string, inputs: Properties): CheckFailure {
  const [property = '', ...below] = path.map(String);
  if (below.length === 0 && !containsSecret(inputs[property])) return { property, reason: message };
  return { property: '', reason: `${[property, ...below].join('.')}: ${message}` };
}

/** Returns the inputs without the properties that the engine adds */
function plain(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(unwrap(inputs)).filter(([key]) => !key.startsWith('__')));
}
