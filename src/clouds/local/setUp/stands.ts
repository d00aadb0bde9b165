import { readFile } from 'node:fs/promises';
import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { interrupted } from '../../../process/interrupt.ts';
import { type Place, stateFile } from '../../../pulumi/place.ts';
import type { ResourceHandler } from '../../../pulumi/plugin/handler.ts';
import { markSecret, type Properties } from '../../../pulumi/plugin/values.ts';

const properties = z.record(z.string(), z.unknown());

const resource = z.object({
  urn: z.string(),
  type: z.string(),
  id: z.string().default(''),
  inputs: properties.default({}),
  outputs: properties.default({}),
});

const state = z.object({
  checkpoint: z.object({
    latest: z.object({ resources: z.array(resource), pending_operations: z.array(z.unknown()).nullish() }),
  }),
});

type Handlers = Readonly<Record<string, ResourceHandler>>;

/**
 * Looks at everything that a stack has on this computer, as the engine's refresh does: by what the local cloud's
 * provider reads. Changes nothing.
 * @param given reads resources, by type. @default the provider's
 * @returns how many machines, servers, networks and disks stand as they were deployed; undefined where one does not, or
 * where the state can't be told
 */
export async function standing(place: Place, given?: Handlers): Promise<number | undefined> {
  const text = await readFile(stateFile(place), 'utf8').catch(() => 'null');
  const parsed = state.safeParse(JSON.parse(text));
  if (!parsed.success) return undefined;
  const { resources, pending_operations: pending } = parsed.data.checkpoint.latest;
  if (pending && pending.length > 0) return undefined;
  // Loaded only here: the provider's framework brings packages that no other command needs
  const handlers = given ?? (await import('../provider/handlers.ts')).handlers;
  const readable = resources.filter(({ type }) => handlers[type]?.read);
  const seen = await Promise.all(readable.map((one) => stands(one, handlers[one.type])));
  return seen.every(Boolean) ? readable.length : undefined;
}

async function stands(one: z.infer<typeof resource>, handler: ResourceHandler | undefined): Promise<boolean> {
  const [inputs, outputs] = [properties.parse(opened(one.inputs)), properties.parse(opened(one.outputs))];
  const context = { urn: one.urn, name: one.urn, preview: true, signal: interrupted, log: async () => undefined };
  const found = await handler?.read?.(one.id, outputs, inputs, context);
  return found !== undefined && isDeepStrictEqual(found.inputs, inputs);
}

/** Returns properties of the state with an empty text for each encrypted one, which says nothing about what stands */
function opened(value: unknown): unknown {
  if (Array.isArray(value)) return value.map(opened);
  if (typeof value !== 'object' || value === null) return value;
  if ('ciphertext' in value) return markSecret('');
  return Object.fromEntries(
    Object.entries(value satisfies Properties | object).map(([key, item]) => [key, opened(item)]),
  );
}
