import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** Folder with package.json and Pulumi.yaml */
export const checkout = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** Folder of the checkout for generated files; ignored by git */
export const generated = join(checkout, '.berth');

/** Returns the cache folder for built and downloaded files, outside of the checkout, so that all clones share it */
export function cacheFolder(): string {
  return process.env.BERTH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'berth');
}
