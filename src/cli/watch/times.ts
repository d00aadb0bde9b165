/** Returns the time of an event, from milliseconds since 1970 */
export const stamp = (time: number): { time: string } => ({ time: new Date(time).toISOString() });

/** Returns the time between two, in seconds to one decimal place */
export const secondsBetween = (from: number, to: number): number => Math.round((to - from) / 100) / 10;
