import type { Answer } from '../status/ask.ts';

/** A request of a user, and how it ended */
export interface Seen {
  /** When it was sent, in seconds */
  at: number;
  /** Status, or why there was no answer */
  how: string;
  failed: boolean;
}

/** Returns how a request ended: whoever gets a status of 400 and more, or none, has not got the page */
export const seenOf = (at: number, answer: Answer): Seen =>
  answer.kind === 'silence'
    ? { at, how: answer.reason, failed: true }
    : { at, how: `status ${answer.status}`, failed: answer.status >= 400 };

/**
 * Returns in words what users saw: how many requests failed, for how long, and how
 * @param every seconds between two requests
 */
export function seenText(url: string, seen: readonly Seen[], every: number): string {
  const all = [...seen].sort((a, b) => a.at - b.at);
  const failed = all.filter((one) => one.failed);
  const head = `${all.length} requests to ${url}, one every ${every} s:`;
  if (failed.length === 0) return `${head} none failed\n`;
  const counts = new Map<string, number>();
  for (const { how } of failed) counts.set(how, (counts.get(how) ?? 0) + 1);
  const spans = spansOf(all, every).map(
    ({ from, seconds }) => `${secondsText(seconds)} from second ${from.toFixed(1)}`,
  );
  return [
    `${head} ${failed.length} failed, ${spans.join(', ')}`,
    ...[...counts].sort(([, a], [, b]) => b - a).map(([how, count]) => `  ${count} × ${how}`),
    '',
  ].join('\n');
}

/** Failures one after another, each from its first one to the next request that did not fail */
function spansOf(all: readonly Seen[], every: number): readonly { from: number; seconds: number }[] {
  const spans: { from: number; seconds: number }[] = [];
  let from: number | undefined;
  for (const { at, failed } of all) {
    if (failed) from ??= at;
    else if (from !== undefined) {
      spans.push({ from, seconds: at - from });
      from = undefined;
    }
  }
  const last = all.at(-1);
  if (from !== undefined && last) spans.push({ from, seconds: last.at + every - from });
  return spans;
}

const secondsText = (seconds: number): string => `for ${seconds.toFixed(1)} s`;

/** Whether the last requests were answered, so that users are served again */
export const isServed = (seen: readonly Seen[]): boolean =>
  seen.length >= 3 &&
  [...seen]
    .sort((a, b) => a.at - b.at)
    .slice(-3)
    .every(({ failed }) => !failed);
