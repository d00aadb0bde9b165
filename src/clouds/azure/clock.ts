import type { Day, Schedule } from '../../model/blueprint.ts';
import { windowsZone } from './windowsZone.ts';

/**
 * A schedule's days and time zone in Azure's own words
 * @throws when Azure has no name for the time zone, which an environment file is checked for
 */
export function azureClock({ days, zone }: Schedule): { weekDays: string[]; timeZone: string } {
  const timeZone = windowsZone(zone);
  if (timeZone === undefined) throw new Error(`azure has no name for the time zone ${zone}`);
  return { timeZone, weekDays: days.map((day) => names[day]) };
}

const names: Readonly<Record<Day, string>> = {
  mon: 'Monday',
  tue: 'Tuesday',
  wed: 'Wednesday',
  thu: 'Thursday',
  fri: 'Friday',
  sat: 'Saturday',
  sun: 'Sunday',
};
