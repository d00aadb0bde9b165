/** A calendar of systemd's whose next time is twelve hours off, so that no timer starts a job during a test */
export const farOff = (): string => `*-*-* ${(new Date().getUTCHours() + 12) % 24}:00`;
