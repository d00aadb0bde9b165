import { homedir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

/** The folder that holds package.json and Pulumi.yaml. */
export const checkout = fileURLToPath(new URL('..', import.meta.url)).replace(/\/$/, '');

/** The one folder of the checkout that set-up writes to; git ignores it. */
export const generated = join(checkout, '.berth');

/** Where built and downloaded things are kept, so that a second clone finds them: outside every checkout. */
export function cacheFolder(): string {
  return process.env.BERTH_CACHE ?? join(process.env.XDG_CACHE_HOME ?? join(homedir(), '.cache'), 'berth');
}
