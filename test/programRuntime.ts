import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { parse } from 'yaml';
import { checkout } from '../tools/lib/paths.ts';

/** How the checkout's program is run, as its Pulumi.yaml says: by which loader, with which of Node's options */
export async function programRuntime(): Promise<{ name: string; options: { typescript: boolean; nodeargs: string } }> {
  return parse(await readFile(join(checkout, 'Pulumi.yaml'), 'utf8')).runtime;
}
