import { execFile } from 'node:child_process';
import { mkdir, readFile, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { z } from 'zod';

type Schema = Readonly<Record<string, unknown>>;

const pins = z.object({ module: z.string(), sum: z.string() });
const downloaded = z.object({ Dir: z.string(), Sum: z.string() });
const openApi = z.object({ definitions: z.record(z.string(), z.record(z.string(), z.unknown())) });
const kinds = z.array(z.object({ group: z.string(), version: z.string(), kind: z.string() })).min(1);

/**
 * Writes a strict JSON schema for each kind of a Kubernetes release, from the description of its API that lies in its Go
 * module, as `<folder>/<kind>-<group>-<version>.json`
 * @param pinned text with the module and its sum
 */
export async function writeClusterSchemas(pinned: string, folder: string): Promise<void> {
  const { module, sum } = pins.parse(JSON.parse(pinned));
  const words = ['mod', 'download', '-json', module];
  const { stdout } = await promisify(execFile)('go', words, { cwd: tmpdir(), env: { ...process.env, GOWORK: 'off' } });
  const { Dir, Sum } = downloaded.parse(JSON.parse(stdout));
  if (Sum !== sum) throw new Error(`${module} has the sum ${Sum}, and ${sum} is pinned`);
  const { definitions } = openApi.parse(JSON.parse(await readFile(join(Dir, 'api/openapi-spec/swagger.json'), 'utf8')));
  await mkdir(folder, { recursive: true });
  for (const [name, definition] of Object.entries(definitions)) {
    const [own, ...others] = kinds.safeParse(definition['x-kubernetes-group-version-kind']).data ?? [];
    // Options of requests belong to many groups, and are no objects
    if (!own || others.length > 0) continue;
    const file = [own.kind.toLowerCase(), ...(own.group === '' ? [] : [own.group.split('.')[0]]), own.version].join(
      '-',
    );
    await writeFile(join(folder, `${file}.json`), JSON.stringify(whole(name, definitions)));
  }
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
