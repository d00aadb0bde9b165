const unitSeconds = { s: 1, m: 60, h: 3600, d: 86_400 } as const;

/** Returns the seconds of a duration such as 30s, 15m, 2h or 1d; undefined for any other text */
export function durationSeconds(text: string): number | undefined {
  const [, count, unit] = /^(\d{1,6})([smhd])$/.exec(text) ?? [];
  return count === undefined ? undefined : Number(count) * unitSeconds[unit as keyof typeof unitSeconds];
}
