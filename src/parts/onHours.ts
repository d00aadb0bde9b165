import { days, type Schedule } from '../model/blueprint.ts';

/** A time interval of Alertmanager */
export interface TimeInterval {
  weekdays: [string];
  times: [{ start_time: string; end_time: string }];
  location: string;
}

/** Minutes for a machine's boot, during which alerts are not notified */
const bootMinutes = 10;
const dayMinutes = 24 * 60;
const weekMinutes = 7 * dayMinutes;

const dayNames = ['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday'] as const;

/**
 * Returns the hours in which the machines of a schedule run, as Alertmanager's time intervals; each begins ten minutes
 * after the machines' start
 */
export function onHours({ days: listed, start, stop, zone }: Schedule): readonly TimeInterval[] {
  const events = listed
    .flatMap((day) => [
      { at: days.indexOf(day) * dayMinutes + minutes(start), on: true },
      { at: days.indexOf(day) * dayMinutes + minutes(stop), on: false },
    ])
    .sort((one, other) => one.at - other.at);
  const starts = events.filter(({ on }, index) => on && !events.at(index - 1)?.on);
  return starts.flatMap(({ at }) => {
    const end = [...events, ...events.map(({ at, on }) => ({ at: at + weekMinutes, on }))].find(
      (event) => !event.on && event.at > at,
    );
    return byDay(at + bootMinutes, end?.at ?? at).map((interval) => ({ ...interval, location: zone }));
  });
}

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

const minutes = (time: string): number => Number(time.slice(0, 2)) * 60 + Number(time.slice(3));

const clock = (minute: number): string =>
  [Math.floor(minute / 60), minute % 60].map((part) => `${part}`.padStart(2, '0')).join(':');
