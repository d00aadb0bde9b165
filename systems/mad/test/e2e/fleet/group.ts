import { expect } from 'vitest';
import { eventually } from '../../../../../test/e2e/client.ts';
import { type Place, type Report, startVisitors, type VisitorsWanted } from './beside.ts';

/** Visitors of several kinds together */
export interface Group {
  count: number;
  /** Names under which they report their health */
  ids: readonly string[];
  report(): Promise<Report>;
  /** Expects all to be connected, or to be so within the seconds */
  allConnected(seconds: number): Promise<void>;
  close(): Promise<void>;
}

export async function startGroup(place: Place, wanted: readonly VisitorsWanted[]): Promise<Group> {
  const members = await Promise.all(wanted.map((each) => startVisitors(place, each)));
  const count = wanted.reduce((all, each) => all + each.count, 0);
  const report = async () => together(await Promise.all(members.map((each) => each.report())));
  return {
    count,
    ids: wanted.flatMap(({ kind, count }) => Array.from({ length: count }, (_, number) => `${kind}-${number}`)),
    report,
    async allConnected(seconds) {
      const found = await eventually(seconds, report, ({ connected }) => connected === count);
      expect(found.connected, JSON.stringify(found)).toBe(count);
    },
    async close() {
      await Promise.all(members.map((each) => each.close()));
    },
  };
}

const together = (reports: readonly Report[]): Report => ({
  connected: reports.reduce((all, { connected }) => all + connected, 0),
  drops: reports.reduce((all, { drops }) => all + drops, 0),
  longestGapMs: Math.max(...reports.map(({ longestGapMs }) => longestGapMs)),
  instances: sums(reports.map(({ instances }) => instances)),
  by: sums(reports.map(({ by }) => by)),
  reasons: sums(reports.map(({ reasons }) => reasons)),
  errors: sums(reports.map(({ errors }) => errors)),
});

function sums(counts: readonly Record<string, number>[]): Record<string, number> {
  const all: Record<string, number> = {};
  for (const [key, value] of counts.flatMap((each) => Object.entries(each))) all[key] = (all[key] ?? 0) + value;
  return all;
}
