/**
 * Returns the Windows name, which Azure uses, of an IANA time zone: its own name, or that of a listed zone with the
 * same clock all year (`Europe/Amsterdam` and `Europe/Berlin`). `undefined` if there is none.
 */
export function windowsZone(zone: string): string | undefined {
  const own = windowsNames[zone];
  if (own !== undefined) return own;
  const clocks = offsets(zone);
  return Object.entries(windowsNames).find(([known]) => offsets(known) === clocks)?.[1];
}

/** One IANA zone for each Windows name, from the Common Locale Data Repository (windowsZones.xml, territory 001) */
const windowsNames: Readonly<Record<string, string>> = {
  'Etc/UTC': 'UTC',
  'Europe/Paris': 'Romance Standard Time',
  'Europe/Berlin': 'W. Europe Standard Time',
  'Europe/London': 'GMT Standard Time',
  'Atlantic/Reykjavik': 'Greenwich Standard Time',
  'Europe/Kyiv': 'FLE Standard Time',
  'Europe/Istanbul': 'Turkey Standard Time',
  'Europe/Moscow': 'Russian Standard Time',
  'Atlantic/Azores': 'Azores Standard Time',
  'Africa/Lagos': 'W. Central Africa Standard Time',
  'Africa/Johannesburg': 'South Africa Standard Time',
  'Africa/Nairobi': 'E. Africa Standard Time',
  'Africa/Cairo': 'Egypt Standard Time',
  'Asia/Jerusalem': 'Israel Standard Time',
  'Asia/Dubai': 'Arabian Standard Time',
  'Indian/Mauritius': 'Mauritius Standard Time',
  'Asia/Kolkata': 'India Standard Time',
  'Asia/Bangkok': 'SE Asia Standard Time',
  'Asia/Shanghai': 'China Standard Time',
  'Asia/Singapore': 'Singapore Standard Time',
  'Asia/Tokyo': 'Tokyo Standard Time',
  'Asia/Seoul': 'Korea Standard Time',
  'Australia/Perth': 'W. Australia Standard Time',
  'Australia/Brisbane': 'E. Australia Standard Time',
  'Australia/Sydney': 'AUS Eastern Standard Time',
  'Pacific/Noumea': 'Central Pacific Standard Time',
  'Pacific/Auckland': 'New Zealand Standard Time',
  'America/Sao_Paulo': 'E. South America Standard Time',
  'America/Cayenne': 'SA Eastern Standard Time',
  'America/La_Paz': 'SA Western Standard Time',
  'America/Bogota': 'SA Pacific Standard Time',
  'America/Halifax': 'Atlantic Standard Time',
  'America/New_York': 'Eastern Standard Time',
  'America/Chicago': 'Central Standard Time',
  'America/Denver': 'Mountain Standard Time',
  'America/Phoenix': 'US Mountain Standard Time',
  'America/Los_Angeles': 'Pacific Standard Time',
  'America/Anchorage': 'Alaskan Standard Time',
  'Pacific/Honolulu': 'Hawaiian Standard Time',
};

/** Returns the zone's offsets from UTC for each week of one year; clock changes are never closer than a week */
function offsets(zone: string): string {
  const format = new Intl.DateTimeFormat('en', { timeZone: zone, timeZoneName: 'longOffset' });
  const weeks = Array.from({ length: 53 }, (_, week) => Date.UTC(2026, 0, 1 + 7 * week, 12));
  return weeks.map((week) => format.format(week).replace(/.*, /, '')).join();
}
