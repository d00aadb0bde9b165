import { median } from '../samples.ts';
import type { Bounds } from './bounds.ts';
import type { Contender, RowName } from './contender.ts';
import { computer, spread, table } from './page.ts';
import { goals, rowTitles, secondsIn } from './ratios.ts';
import type { Sample } from './rows.ts';

export interface Comparison {
  samples: readonly Sample[];
  contenders: readonly Contender[];
  versions: Readonly<Record<string, string>>;
  bounds: Bounds;
  rounds: number;
  roundTrips: readonly number[];
  /** Load of the computer during the run: the average number of waiting programs, least and most */
  busy: { least: number; most: number };
}

/** Returns the part `peers` of the page */
export function report(all: Comparison): string {
  const { versions, rounds, busy } = all;
  const rows = (Object.keys(rowTitles) as RowName[]).filter((row) => all.samples.some((sample) => sample.row === row));
  return [
    `Measured ${computer()} for controller, machines and load together; ${rounds} rounds by turns, medians with the least and the ` +
      `most; load of the computer ${busy.least.toFixed(1)}–${busy.most.toFixed(1)}. ${Object.entries(versions)
        .map(([name, version]) => `${name} ${version}`)
        .join(', ')}.`,
    ...rows.map((row) => section(row, all)),
    '### Ratios',
    table([
      ['row', 'berth', 'beside', ...all.roundTrips.map((roundTrip) => `${roundTrip} ms`), 'goal'],
      ...ratioRows(all),
    ]),
  ].join('\n\n');
}

function section(row: RowName, all: Comparison): string {
  const { samples, contenders, roundTrips } = all;
  const tools = contenders.filter(({ name }) =>
    samples.some((sample) => sample.contender === name && sample.row === row),
  );
  const loaded = row === 'version';
  const head = [
    'tool',
    ...roundTrips.map((roundTrip) => `seconds, ${roundTrip} ms`),
    ...['logins', 'KB over SSH'],
    ...(loaded ? ['new version answers, s', 'failed requests', 'p99, ms'] : []),
  ];
  const lines = tools.map(({ name }) => {
    const own = samples.filter((sample) => sample.contender === name && sample.row === row);
    const loads = own.flatMap(({ load }) => load ?? []);
    const sum = (of: (load: (typeof loads)[number]) => number) => loads.reduce((all, load) => all + of(load), 0);
    return [
      name,
      ...roundTrips.map((roundTrip) => spread(secondsIn(samples, row, name, roundTrip))),
      `${median(own.map(({ logins }) => logins))}`,
      `${Math.round(median(own.map(({ bytes }) => bytes)) / 1000)}`,
      ...(loaded
        ? [
            median(loads.map(({ firstAnswerSeconds }) => firstAnswerSeconds)).toFixed(1),
            `${sum(({ failures }) => failures)} of ${sum(({ requests }) => requests)}`,
            `${Math.round(median(loads.map(({ p99Milliseconds }) => p99Milliseconds)))}`,
          ]
        : []),
    ];
  });
  const missing = contenders.flatMap(({ name, without }) => (without?.[row] ? [`${name}: ${without[row]}`] : []));
  const absent = missing.length ? [`Not in this table: ${missing.join('; ')}.`] : [];
  return [`### ${capital(rowTitles[row])}`, table([head, ...lines]), bound(row, all), ...absent].join('\n\n');
}

/** What a tool can't get below in a row */
interface Floor {
  tool: string;
  what: string;
  seconds: number;
}

/** Pause of the edge between the switch and the end of the former containers */
const drainSeconds = 2;
const [whole, alone] = ['berth: pulumi up', 'berth: its release alone'];

function floors({ login, start, stop, engine }: Bounds, roundTrip: number): Record<RowName, readonly Floor[]> {
  const once = login[roundTrip] ?? Number.NaN;
  const program = 'the engine with an empty program';
  const started = `both containers started by docker until they answer (${start.toFixed(1)} s)`;
  const switched = `${started}, ${drainSeconds} s of drain, both stopped (${stop.toFixed(1)} s)`;
  return {
    nothing: [
      { tool: alone, what: 'one login that does nothing', seconds: once },
      { tool: whole, what: program, seconds: engine },
    ],
    file: [{ tool: whole, what: `${program}, and two logins`, seconds: engine + 2 * once }],
    version: [
      { tool: alone, what: `one login, ${switched}`, seconds: once + start + drainSeconds + stop },
      { tool: whole, what: `${program}, one login, ${switched}`, seconds: engine + once + start + drainSeconds + stop },
    ],
    first: [{ tool: whole, what: `${program}, two logins, ${started}`, seconds: engine + 2 * once + start }],
  };
}

/** What bounds a row, and how far from that berth is */
function bound(row: RowName, { samples, bounds, roundTrips }: Comparison): string {
  const lines = floors(bounds, roundTrips[0] ?? 0)[row].flatMap(({ tool, what }, at) => {
    const parts = roundTrips.flatMap((roundTrip) => {
      const seconds = floors(bounds, roundTrip)[row][at]?.seconds ?? Number.NaN;
      const measured = secondsIn(samples, row, tool, roundTrip);
      if (measured.length === 0) return [];
      return [`${(median(measured) / seconds).toFixed(1)} × ${seconds.toFixed(2)} s at ${roundTrip} ms`];
    });
    return parts.length === 0 ? [] : [`\`${tool}\` takes ${parts.join(', ')} of its bound, ${what}.`];
  });
  return lines.join(' ');
}

function ratioRows({ samples, roundTrips }: Comparison): string[][] {
  return goals.flatMap(({ row, berth, beside, share }) => {
    const faster = roundTrips.map((roundTrip) => {
      const [own, others] = [berth, beside].map((name) => median(secondsIn(samples, row, name, roundTrip)));
      return `${((others ?? Number.NaN) / (own ?? Number.NaN)).toFixed(1)} ×`;
    });
    if (faster.every((text) => text.startsWith('NaN'))) return [];
    return [[rowTitles[row], berth, beside, ...faster, share === undefined ? '' : `≥ ${(1 / share).toFixed(1)} ×`]];
  });
}

const capital = (text: string): string => `${text.charAt(0).toUpperCase()}${text.slice(1)}`;
