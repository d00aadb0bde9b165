import type { Day, Schedule } from '../../model/blueprint.ts';
import { windowsZone } from './windowsZone.ts';

/**
 * Returns a schedule's days and time zone under Azure's names
 * @throws if Azure has no name for the time zone: checks of the environment file report that earlier
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
