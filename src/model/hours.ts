import { type Day, days, type Schedule } from './blueprint.ts';

/** The state of a schedule at a moment: whether machines run, and when that changes next */
export interface Hours {
  on: boolean;
  /** Next start of stopped machines or next stop of running ones: milliseconds since 1970, UTC */
  until: number;
}

const dayMilliseconds = 86_400_000;
export const dayMinutes = 24 * 60;
export const weekMinutes = 7 * dayMinutes;

/**
 * Returns the times of a week in which machines of a schedule run, in minutes since Monday 00:00 of its zone; the last
 * may end in the week after
 */
export function runningTimes({ days: listed, start, stop }: Schedule): readonly { from: number; to: number }[] {
  const events = listed
    .flatMap((day) => [
      { at: days.indexOf(day) * dayMinutes + minutes(start), on: true },
      { at: days.indexOf(day) * dayMinutes + minutes(stop), on: false },
    ])
    .sort((one, other) => one.at - other.at);
  const starts = events.filter(({ on }, index) => on && !events.at(index - 1)?.on);
  return starts.map(({ at }) => {
    const end = [...events, ...events.map(({ at, on }) => ({ at: at + weekMinutes, on }))].find(
      (event) => !event.on && event.at > at,
    );
    return { from: at, to: end?.at ?? at };
  });
}

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

/**
 * Returns whether machines of a schedule run at a moment: the last start or stop before it decides. A time that a
 * change to summer time skips happens at the change; a time that occurs twice counts the first time.
 */
export function hoursAt(schedule: Schedule, now: number): Hours {
  const events = eventsAround(schedule, now);
  const past = events.filter(({ at }) => at <= now).at(-1);
  const next = events.find(({ at, on }) => at > now && on !== past?.on);
  return { on: past?.on ?? true, until: next?.at ?? now };
}

/** Describes hours for people, for example `off until mon 2026-11-30 09:00 (Europe/Paris)` */
export function hoursText({ zone }: Schedule, { on, until }: Hours): string {
  const { day, date, time } = wallClock(until, zone);
  return `${on ? 'on' : 'off'} until ${day} ${date} ${time} (${zone})`;
}

/** Starts and stops of the previous and the next eight days, in order */
function eventsAround(
  { days: listed, start, stop, zone }: Schedule,
  now: number,
): readonly { at: number; on: boolean }[] {
  const offsets = Array.from({ length: 17 }, (_, index) => index - 8);
  const dates = offsets.map((offset) => wallClock(now + offset * dayMilliseconds, zone));
  // Steps of 24 hours hit a day of 25 hours twice and never skip one of 23 hours: each date counts once
  const own = new Map(dates.filter(({ day }) => listed.includes(day)).map(({ date }) => [date, date]));
  return [...own.keys()]
    .flatMap((date) => [
      { at: instantOf(date, start, zone), on: true },
      { at: instantOf(date, stop, zone), on: false },
    ])
    .sort((one, other) => one.at - other.at);
}

/**
 * Returns the first moment at which the zone's local time is that time of that date, or a later one where the zone
 * skips it
 */
function instantOf(date: string, time: string, zone: string): number {
  const asUtc = Date.parse(`${date}T${time}:00Z`);
  // Offsets from UTC are at most 14 hours, and a change is at most one day
  const offsets = [-1, 1].map((side) => offsetAt(asUtc + side * dayMilliseconds, zone));
  const candidates = offsets.map((offset) => asUtc - offset);
  const exact = candidates.filter((at) => at + offsetAt(at, zone) === asUtc);
  return exact.length > 0 ? Math.min(...exact) : Math.max(...candidates);
}

/** Returns the zone's offset from UTC in milliseconds, positive east of Greenwich */
function offsetAt(at: number, zone: string): number {
  const { date, time } = wallClock(at, zone);
  return Date.parse(`${date}T${time}:00Z`) - Math.floor(at / 60_000) * 60_000;
}

/** Returns the zone's local weekday, date and time */
function wallClock(at: number, zone: string): { day: Day; date: string; time: string } {
  const parts = Object.fromEntries(
    clockOf(zone)
      .formatToParts(at)
      .map(({ type, value }) => [type, value]),
  );
  const day = days.find((name) => name === parts.weekday?.toLowerCase()) ?? 'mon';
  return { day, date: `${parts.year}-${parts.month}-${parts.day}`, time: `${parts.hour}:${parts.minute}` };
}

/** Formatters by zone: creating one takes longer than a hundred calls of it */
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
