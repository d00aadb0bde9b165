import { z } from 'zod';
import {
  type CheckFailure,
  type CheckResult,
  containsSecret,
  containsUnknown,
  type Properties,
  unwrap,
} from '../../../pulumi/plugin.ts';

/** A name that docker takes for a container, a network or a volume. */
export const dockerName = z
  .string()
  .regex(/^[a-zA-Z0-9][a-zA-Z0-9_.-]{0,62}$/, 'letters, digits, ".", "_" and "-", at most 63');

export const ipv4 = z.ipv4();

/** An address or a network; one of IPv6 is allowed and matches nothing, since local machines have no IPv6. */
export const cidr = z.union(
  [z.ipv4(), z.cidrv4(), z.cidrv6(), z.ipv6()],
  'an address or a network, such as 203.0.113.0/24',
);

export const port = z.int().min(1).max(65535);

/** What every container that stands on a network is given. */
export const placed = {
  name: dockerName,
  network: dockerName,
  address: ipv4,
  aliases: z.array(z.string().min(1)).default([]),
  image: z.string().min(1),
  /** Always true; a refresh that finds the container stopped, or none, says false. */
  running: z.boolean(),
};

/** The inputs as they are, with every mistake in them; a value that only the real run will know is not judged. */
export function checked(schema: z.ZodType, inputs: Properties): CheckResult {
  const result = schema.safeParse(plain(inputs));
  const failures = (result.error?.issues ?? [])
    .filter(({ path }) => path.length === 0 || !containsUnknown(inputs[String(path[0])]))
    .map(({ path, message }) => failure(path, message, inputs));
  return { inputs, failures };
}

/** The inputs in clear, with their defaults. */
export function parsed<T>(schema: z.ZodType<T>, inputs: Properties): T {
  return schema.parse(plain(inputs));
}

/** The engine prints the value of the property that a failure names: right for a plain one, never for a secret. */
function failure(path: PropertyKey[], message: string, inputs: Properties): CheckFailure {
  const [property = '', ...below] = path.map(String);
  if (below.length === 0 && !containsSecret(inputs[property])) return { property, reason: message };
  return { property: '', reason: `${[property, ...below].join('.')}: ${message}` };
}

/** Without what the engine adds for itself. */
function plain(inputs: Properties): Properties {
  return Object.fromEntries(Object.entries(unwrap(inputs)).filter(([key]) => !key.startsWith('__')));
}
