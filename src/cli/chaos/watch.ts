import { setTimeout } from 'node:timers/promises';
import { ask } from '../status/ask.ts';
import type { SiteTarget } from '../status/site.ts';
import { isServed, type Seen, seenOf } from './seen.ts';

export const everySeconds = 0.5;

/** Requests to a site at a steady rate, whether the former are answered or not */
export interface Watch {
  /** Waits until the last requests were answered. @returns whether they were in time */
  served(withinSeconds: number): Promise<boolean>;
  /** Ends the requests, and returns all once they are answered */
  stop(): Promise<readonly Seen[]>;
}

export function watch(site: SiteTarget): Watch {
  const began = performance.now();
  const seen: Seen[] = [];
  const pending = new Set<Promise<unknown>>();
  const request = (): void => {
    const at = (performance.now() - began) / 1000;
    const asked = ask(site).then((answer) => {
      seen.push(seenOf(at, answer));
      pending.delete(asked);
    });
    pending.add(asked);
  };
  const timer = setInterval(request, everySeconds * 1000);
  request();
  return {
    async served(withinSeconds) {
      const [from, end] = [performance.now() - began, performance.now() + withinSeconds * 1000];
      const since = (): readonly Seen[] => seen.filter(({ at }) => at * 1000 >= from);
      while (!isServed(since()) && performance.now() < end) await setTimeout(200);
      return isServed(since());
    },
    async stop() {
      clearInterval(timer);
      await Promise.all(pending);
      return seen;
    },
  };
}
