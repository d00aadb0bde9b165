/**
 * Returns a calendar of systemd as the schedule of a CronJob, by the clock of its time zone
 * @param calendar such as `*-*-* 03:00`, `Mon..Fri *-*-* 03:30:00` or `*-*-01 03:00`
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
  const plain = (part: string) => part.replace(/^0(?=\d)/, '').replace('*/0', '*/');
  const weekdays = week === undefined ? '*' : week.trim().toUpperCase().replaceAll('..', '-');
  // A CronJob takes a day of the month or one of the week, systemd both at once
  if (weekdays !== '*' && day !== '*') return undefined;
  return [minute, hour, day, month].map(plain).concat(weekdays).join(' ');
}

const weekday = '(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun)';
const number = '(?:\\*(?:/\\d{1,2})?|\\d{1,2})';
const form = new RegExp(
  `^((?:${weekday}(?:\\.\\.${weekday})?)(?:,${weekday}(?:\\.\\.${weekday})?)* )?\\*-(${number})-(${number}) (${number}):(${number})(?::00)?$`,
);
