import { durationSeconds } from '../duration.ts';

/**
 * Returns the moment that `--since` names: a duration before now, or a time
 * @throws with what is allowed
 */
export function sinceOf(text: string, now: Date = new Date()): Date {
  const seconds = durationSeconds(text);
  if (seconds !== undefined) return new Date(now.getTime() - seconds * 1000);
  const moment = new Date(/^\d{4}-\d\d-\d\d/.test(text) ? text : Number.NaN);
  if (Number.isNaN(moment.getTime())) throw new Error('30s, 15m, 2h, 1d, or a time such as 2026-05-01T08:00Z');
  return moment;
}
