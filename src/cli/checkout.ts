import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { z } from 'zod';

const manifest = z.object({ bin: z.object({ berth: z.string() }) });

/**
 * Returns the path of the program `berth` in another checkout of the project, of any version, from its package.json
 * @throws where the folder has no package.json, or one that names no such program
 */
export function berthOf(folder: string): string {
  const file = join(folder, 'package.json');
  const parsed = manifest.safeParse(JSON.parse(readFileSync(file, 'utf8')));
  if (!parsed.success) throw new Error(`${file} has no "berth" program under "bin"`);
  return join(folder, parsed.data.bin.berth);
}
