/**
 * Returns a calendar of systemd as the schedule of a CronJob, by the clock of its time zone
 * @param calendar such as `*-*-* 03:00`, `*-*-* 00/3:20`, `Mon..Fri *-*-* 03:30:00` or `*-*-01 03:00`
 * @throws where a CronJob can't say the same; the cloud's checks report this first
 */
export function cronOf(calendar: string): string {
  const cron = cronFrom(calendar);
  if (cron === undefined) throw new Error(`a CronJob can't say ${calendar}`);
  return cron;
}

/** Returns the same, or undefined where a CronJob can't say it */
export function cronFrom(calendar: string): string | undefined {
  const [, week, month, day, hour, minute] = form.exec(calendar) ?? [];
  if (month === undefined || day === undefined || hour === undefined || minute === undefined) return undefined;
  const weekdays = week === undefined ? '*' : week.trim().toUpperCase().replaceAll('..', '-');
  // A CronJob takes a day of the month or one of the week, systemd both at once
  if (weekdays !== '*' && day !== '*') return undefined;
  const parts = [plain(minute, 59), plain(hour, 23), plain(day, 31), plain(month, 12)];
  return [...parts, weekdays].join(' ');
}

/** Returns a part without zeros that lead; systemd's `2/3` is every third from the second on, to the last */
function plain(part: string, last: number): string {
  const [from = '', step] = part.split('/').map((number) => number.replace(/^0(?=\d)/, ''));
  if (step === undefined) return from;
  return `${from === '*' || from === '0' ? '*' : `${from}-${last}`}/${step}`;
}

const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const number = '(?:\\*|\\d{1,2})(?:/\\d{1,2})?';
const form = new RegExp(
  `^((?:${weekday}(?:\\.\\.${weekday})?)(?:,${weekday}(?:\\.\\.${weekday})?)* )?\\*-(${number})-(${number}) (${number}):(${number})(?::00)?$`,
);
