import { type Day, days, type Schedule } from './blueprint.ts';

/** Whether machines of a schedule run at a moment, and when that changes next */
export interface Hours {
  on: boolean;
  /** The next start of machines that are off, the next stop of those that run: milliseconds since 1970, UTC */
  until: number;
}

const dayMilliseconds = 86_400_000;

/**
 * What a schedule means at a moment: the last start or stop before it decides. A time that a change of summer time leaves
 * out happens with the change; one that comes twice happens the first time.
 */
export function hoursAt(schedule: Schedule, now: number): Hours {
  const events = eventsAround(schedule, now);
  const past = events.filter(({ at }) => at <= now).at(-1);
  const next = events.find(({ at, on }) => at > now && on !== past?.on);
  return { on: past?.on ?? true, until: next?.at ?? now };
}

/** For people, for example `off until mon 2026-11-30 09:00 (Europe/Paris)` */
export function hoursText({ zone }: Schedule, { on, until }: Hours): string {
  const { day, date, time } = wallClock(until, zone);
  return `${on ? 'on' : 'off'} until ${day} ${date} ${time} (${zone})`;
}

/** Starts and stops of the week before and the week after, in order */
function eventsAround(
  { days: listed, start, stop, zone }: Schedule,
  now: number,
): readonly { at: number; on: boolean }[] {
  const offsets = Array.from({ length: 17 }, (_, index) => index - 8);
  const dates = offsets.map((offset) => wallClock(now + offset * dayMilliseconds, zone));
  // A day of 25 hours is met twice, one of 23 hours never by chance: each date counts once
  const own = new Map(dates.filter(({ day }) => listed.includes(day)).map(({ date }) => [date, date]));
  return [...own.keys()]
    .flatMap((date) => [
      { at: instantOf(date, start, zone), on: true },
      { at: instantOf(date, stop, zone), on: false },
    ])
    .sort((one, other) => one.at - other.at);
}

/** The first moment at which a clock of the zone shows that time of that date, or a later one where it skips it */
function instantOf(date: string, time: string, zone: string): number {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  // Zones are at most 14 hours from UTC, and change by at most a day at once
  const offsets = [-1, 1].map((side) => offsetAt(asUtc + side * dayMilliseconds, zone));
  const candidates = offsets.map((offset) => asUtc - offset);
  const exact = candidates.filter((at) => at + offsetAt(at, zone) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** Milliseconds that a zone's clocks are ahead of UTC */
function offsetAt(at: number, zone: string): number {
  const { date, time } = wallClock(at, zone);
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(at / 60_000) * 60_000;
}

/** What a clock of the zone shows */
function wallClock(at: number, zone: string): { day: Day; date: string; time: string } {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = days.find((name) => name === parts.weekday?.toLowerCase()) ?? 'mon';
  return { day, date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** Making one takes longer than asking it a hundred times */
const clocks = new Map<string, Intl.DateTimeFormat>();

function clockOf(timeZone: string): Intl.DateTimeFormat {
  const known = clocks.get(timeZone);
  if (known) return known;
  const made = new Intl.DateTimeFormat('en-GB', {
    ...{ timeZone, weekday: 'short', year: 'numeric', month: '2-digit', day: '2-digit' },
    ...{ hour: '2-digit', minute: '2-digit', hourCycle: 'h23' },
  });
  clocks.set(timeZone, made);
  return made;
}
