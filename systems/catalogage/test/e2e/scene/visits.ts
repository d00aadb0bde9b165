import { atRate } from '../../../../../test/e2e/atRate.ts';
import type { Client } from '../../../../../test/e2e/client.ts';

export interface Visits {
  count: number;
  failures: string[];
  /** Asked anew, as browsers do: nginx cuts idle connections when it takes up its routes, perhaps under a request */
  again: number;
  /** Versions that answered, of page and API together, in the order in which each was first seen */
  versions: string[];
}

/** Pages and API asked at a steady rate until it is stopped */
export function visits(site: Client, perSecond: number): { stop(): Promise<Visits> } {
  const result: Omit<Visits, 'count'> = { failures: [], again: 0, versions: [] };
  const traffic = atRate(perSecond, async (number) => {
    const path = number % 2 === 0 ? '/' : '/api/version';
    try {
      const { status, body } = await site.get(path).catch((error: Error) => {
        if (!/socket hang up|ECONNRESET/.test(error.message)) throw error;
        result.again++;
        return site.getAnew(path);
      });
      if (status !== 200) result.failures.push(`${path}: status ${status} ${body.slice(0, 400)}`);
      const version = versionIn(body);
      if (version && !result.versions.includes(version)) result.versions.push(version);
    } catch (error) {
      result.failures.push(`${path}: ${error instanceof Error ? error.message : error}`);
    }
  });
  return { stop: async () => ({ count: await traffic.stop(), ...result }) };
}

export const versionIn = (body: string): string | undefined => /(?:data-version="|"version":")(\w+)"/.exec(body)?.[1];
