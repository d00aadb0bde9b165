import type { SystemOutputs } from '../outputs.ts';
import { ask } from '../status/ask.ts';
import { siteOf } from '../status/site.ts';
import { seenOf, seenText } from './seen.ts';
import { everySeconds, watch } from './watch.ts';

/** How long a site may take to answer once what was stopped is back */
const servedSeconds = 120;

/**
 * Does something to a system while its site is asked, and says what users saw
 * @throws where the site has a problem before, does not serve after, or with what the work throws
 */
export async function observed(outputs: SystemOutputs | undefined, work: () => Promise<void>): Promise<void> {
  if (!outputs) return;
  const site = siteOf(outputs);
  const before = seenOf(0, await ask(site));
  if (before.failed) throw new Error(`${site.url} does not serve even now (${before.how}): nothing was stopped`);
  const watching = watch(site);
  let served = false;
  try {
    await work();
    served = await watching.served(servedSeconds);
  } finally {
    process.stdout.write(seenText(site.url.href, await watching.stop(), everySeconds));
  }
  if (!served) throw new Error(`${site.url} does not serve again after ${servedSeconds} s: see berth status`);
}
