import { inMachine, type TestStack } from '../../e2e/stack.ts';

/** What must not grow on a machine, and how it is read there: each command prints one number */
export const readings = {
  'disk of releases, kB': 'du -skx /var/lib/berth | cut -f 1',
  'disk of docker, MB': 'du -smx /var/lib/docker | cut -f 1',
  'disk of logs, kB': 'du -skx /var/log | cut -f 1',
  'folders of releases': 'ls /var/lib/berth/basegun/releases | wc -l',
  'configuration folders': 'ls -d /etc/berth/basegun/*/* | wc -l',
  images: 'docker image ls --quiet | sort -u | wc -l',
  containers: 'docker ps --all --quiet | wc -l',
  networks: 'docker network ls --quiet | wc -l',
  timers: 'systemctl list-timers --all --no-legend | wc -l',
  connections: 'ss -Htn state established | wc -l',
  processes: 'ls -d /proc/[0-9]* | wc -l',
} as const;

export type Reading = keyof typeof readings;
export type Read = Record<Reading, number>;

export async function read(stack: TestStack): Promise<Read> {
  const text = await inMachine(
    stack,
    `cd /; ${Object.values(readings)
      .map((one) => `echo $(${one})`)
      .join('; ')}`,
  );
  const numbers = text.trim().split('\n').map(Number);
  return Object.fromEntries(Object.keys(readings).map((name, at) => [name, numbers[at] ?? Number.NaN])) as Read;
}

/** By how much a reading's last quarter is above its second one: what is bounded stays; of the first, things still come */
export function growth(series: readonly number[]): number {
  const quarter = Math.max(1, Math.floor(series.length / 4));
  const most = (part: readonly number[]): number => Math.max(...part);
  const before = most(series.slice(quarter, 2 * quarter).length > 0 ? series.slice(quarter, 2 * quarter) : series);
  return most(series.slice(-quarter)) / Math.max(1, before);
}
