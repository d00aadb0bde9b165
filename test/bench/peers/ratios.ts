import type { Figure } from '../../../tools/lib/figures.ts';
import { median } from '../samples.ts';
import type { RowName } from './contender.ts';
import type { Sample } from './rows.ts';

/** berth's share of another tool's time that a row may take at most */
interface Goal {
  row: RowName;
  berth: string;
  beside: string;
  share?: number;
}

const [whole, alone] = ['berth: pulumi up', 'berth: its release alone'];

export const goals: readonly Goal[] = [
  { row: 'nothing', berth: alone, beside: 'Ansible', share: 1 / 20 },
  { row: 'nothing', berth: alone, beside: 'Ansible with mitogen', share: 1 / 9 },
  { row: 'nothing', berth: alone, beside: 'rsync and docker compose' },
  { row: 'nothing', berth: alone, beside: "Kamal's way" },
  { row: 'nothing', berth: whole, beside: 'Ansible' },
  { row: 'file', berth: whole, beside: 'Ansible' },
  { row: 'file', berth: whole, beside: 'Ansible with mitogen' },
  { row: 'file', berth: whole, beside: 'rsync and docker compose' },
  { row: 'version', berth: alone, beside: 'Ansible', share: 1 / 2 },
  { row: 'version', berth: whole, beside: 'Ansible' },
  { row: 'version', berth: whole, beside: 'rsync and docker compose' },
  { row: 'version', berth: whole, beside: "Kamal's way" },
  { row: 'first', berth: whole, beside: 'Ansible', share: 1 / 2.5 },
  { row: 'first', berth: whole, beside: 'rsync and docker compose' },
  { row: 'first', berth: whole, beside: "Kamal's way" },
];

export const rowTitles: Readonly<Record<RowName, string>> = {
  nothing: 'nothing to do',
  file: 'one changed file',
  version: 'a new version under load',
  first: 'first release on a bare machine',
};

/** Seconds of a tool's command in a row, in order */
export const secondsIn = (samples: readonly Sample[], row: RowName, contender: string, roundTrip: number): number[] =>
  samples
    .filter((sample) => sample.row === row && sample.contender === contender && sample.roundTrip === roundTrip)
    .map(({ seconds }) => seconds);

/** Returns berth's medians as shares of others', and the requests that its releases failed */
export function ratios(samples: readonly Sample[]): Figure[] {
  const roundTrips = [...new Set(samples.map(({ roundTrip }) => roundTrip))];
  const shares = roundTrips.flatMap((roundTrip) =>
    goals.flatMap(({ row, berth, beside, share }): Figure[] => {
      const [own, others] = [berth, beside].map((name) => secondsIn(samples, row, name, roundTrip));
      if (!own?.length || !others?.length) return [];
      const name = `${rowTitles[row]}, ${roundTrip} ms: ${berth}, to ${beside}`;
      const measured = median(own) / median(others);
      return [{ name, measured, unit: '×', ...(share !== undefined && { limit: share }) }];
    }),
  );
  const failures = [whole, alone].map((name): Figure => {
    const loads = samples.filter(({ contender }) => contender === name).flatMap(({ load }) => load ?? []);
    const sum = (of: (load: (typeof loads)[number]) => number) => loads.reduce((all, load) => all + of(load), 0);
    const requests = sum((load) => load.requests);
    return {
      name: `${name}: failed of ${requests} requests`,
      measured: sum((load) => load.failures),
      unit: '',
      limit: 0,
    };
  });
  return [...shares, ...failures];
}
