import type { Schedule } from '../model/blueprint.ts';
import { dayMinutes, runningTimes } from '../model/hours.ts';

/** A time interval of Alertmanager */
export interface TimeInterval {
  weekdays: [string];
  times: [{ start_time: string; end_time: string }];
  location: string;
}

/** Minutes for a machine's boot, during which alerts are not notified */
const bootMinutes = 10;

const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/**
 * Returns the hours in which the machines of a schedule run, as Alertmanager's time intervals; each begins ten minutes
 * after the machines' start
 */
export const onHours = (schedule: Schedule): readonly TimeInterval[] =>
  runningTimes(schedule).flatMap(({ from, to }) =>
    byDay(from + bootMinutes, to).map((interval) => ({ ...interval, location: schedule.zone })),
  );

/**
 * Splits an interval of minutes of the week at each midnight, since Alertmanager's time intervals lie within one day
 */
function byDay(from: number, to: number): readonly Omit<TimeInterval, 'location'>[] {
  if (from >= to) return [];
  const day = Math.floor(from / dayMinutes);
  const midnight = (day + 1) * dayMinutes;
  const end = Math.min(to, midnight);
  const times = { start_time: clock(from - day * dayMinutes), end_time: clock(end - day * dayMinutes) };
  return [{ weekdays: [dayNames[day % 7] ?? 'monday'], times: [times] }, ...byDay(end, to)];
}

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
