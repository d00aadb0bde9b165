import { execFile } from 'node:child_process';
import { mkdir, readdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { parse } from 'yaml';
import { z } from 'zod';

type Schema = Readonly<Record<string, unknown>>;

const pin = z.object({ module: z.string(), sum: z.string() });
const pins = z.object({ api: pin, gateway: pin });
const downloaded = z.object({ Dir: z.string(), Sum: z.string() });
const openApi = z.object({ definitions: z.record(z.string(), z.record(z.string(), z.unknown())) });
const resourceDefinition = z.object({
  spec: z.object({
    names: z.object({ kind: z.string() }),
    versions: z.array(z.object({ name: z.string(), schema: z.object({ openAPIV3Schema: z.unknown() }) })),
  }),
});
const kinds = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() })).min(1);

/**
 * Writes a strict JSON schema for each kind of a Kubernetes release and of the Gateway API, from the descriptions that lie
 * in their Go modules, as `<folder>/<kind>-<group>-<version>.json`
 * @param pinned text with the modules and their sums
 */
export async function writeClusterSchemas(pinned: string, folder: string): Promise<void> {
  const { api, gateway } = pins.parse(JSON.parse(pinned));
  await mkdir(folder, { recursive: true });
  await writeOwnKinds(await moduleFolder(api), folder);
  await writeDefinedKinds(join(await moduleFolder(gateway), 'config/crd/standard'), folder);
}

async function moduleFolder({ module, sum }: z.infer<typeof pin>): Promise<string> {
  const words = ['mod', 'download', '-json', module];
  const { stdout } = await promisify(execFile)('go', words, { cwd: tmpdir(), env: { ...process.env, GOWORK: 'off' } });
  const { Dir, Sum } = downloaded.parse(JSON.parse(stdout));
  if (Sum !== sum) throw new Error(`${module} has the sum ${Sum}, and ${sum} is pinned`);
  return Dir;
}

/** The kinds that every cluster has */
async function writeOwnKinds(module: string, folder: string): Promise<void> {
  const text = await readFile(join(module, 'api/openapi-spec/swagger.json'), 'utf8');
  const { definitions } = openApi.parse(JSON.parse(text));
  for (const [name, definition] of Object.entries(definitions)) {
    const [own, ...others] = kinds.safeParse(definition['x-kubernetes-group-version-kind']).data ?? [];
    // Options of requests belong to many groups, and are no objects
    if (!own || others.length > 0) continue;
    await writeFile(join(folder, fileOf(own)), JSON.stringify(whole(name, definitions)));
  }
}

/** Kinds that are defined in a cluster by objects of its own, which lie in a folder as YAML */
async function writeDefinedKinds(definitions: string, folder: string): Promise<void> {
  for (const name of await readdir(definitions)) {
    const read = resourceDefinition.safeParse(parse(await readFile(join(definitions, name), 'utf8')));
    if (!read.success) continue;
    const { names, versions } = read.data.spec;
    for (const { name: version, schema } of versions)
      await writeFile(
        join(folder, fileOf({ kind: names.kind, group: 'gateway', version })),
        JSON.stringify(closed(schema.openAPIV3Schema)),
      );
  }
}

const fileOf = ({ kind, group, version }: { kind: string; group: string; version: string }): string =>
  `${[kind.toLowerCase(), ...(group === '' ? [] : [group.split('.')[0]]), version].join('-')}.json`;

/** No field may be there that a schema does not name, but in metadata, which every kind has */
function closed(schema: unknown): unknown {
  if (Array.isArray(schema)) return schema.map(closed);
  if (typeof schema !== 'object' || schema === null) return schema;
  const all = Object.entries(schema).map(([key, value]) => [key, closed(value)]);
  const { properties } = schema as { properties?: object };
  return { ...Object.fromEntries(all), ...(properties && { additionalProperties: false }) };
}

/** Returns a definition with those that it refers to */
function whole(name: string, definitions: Readonly<Record<string, Schema>>): Schema {
  const found = new Map<string, Schema>();
  const visit = (one: string): void => {
    if (found.has(one)) return;
    const definition = strict(one, definitions[one] ?? {});
    found.set(one, definition);
    for (const [, other = ''] of JSON.stringify(definition).matchAll(/"#\/definitions\/([^"]+)"/g)) visit(other);
  };
  visit(name);
  return { ...found.get(name), definitions: Object.fromEntries(found) };
}

/** No field may be there that the API does not know; a number may stand where it takes either */
function strict(name: string, definition: Schema): Schema {
  if (name.endsWith('.IntOrString')) return { type: ['string', 'integer'] };
  return 'properties' in definition ? { ...definition, additionalProperties: false } : definition;
}
