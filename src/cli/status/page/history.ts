import { z } from 'zod';
import { prometheusPort, prometheusService } from '../../../model/monitoring.ts';
import { quoted } from '../../../render/quoted.ts';
import type { History, Series } from './data.ts';

/** Length of the charts, and of one slot */
export const historyHours = 12;
export const slotSeconds = 600;
const slots = (historyHours * 3600) / slotSeconds;

const range = `[${slotSeconds}s]`;

/** Query of each series, and the label whose values name its lines */
const queries: Readonly<Record<keyof History, { label: string; query: string }>> = {
  answered: { label: 'site', query: `avg by (site) (avg_over_time(probe_success${range}))` },
  took: { label: 'site', query: `avg by (site) (avg_over_time(probe_duration_seconds${range}))` },
  up: { label: 'machine', query: `avg by (machine) (avg_over_time(up{job="node"}${range}))` },
  processors: {
    label: 'machine',
    query: `1 - avg by (machine) (rate(node_cpu_seconds_total{mode="idle"}${range}))`,
  },
  memory: {
    label: 'machine',
    query: `1 - avg by (machine) (avg_over_time(node_memory_MemAvailable_bytes${range}) / node_memory_MemTotal_bytes)`,
  },
  requests: { label: 'machine', query: `sum by (machine) (avg_over_time(edge:requests:rate5m${range}))` },
  errors: {
    label: 'machine',
    query: `sum by (machine) (avg_over_time(edge:requests:rate5m{code=~"5.."}${range}))`,
  },
  certificateEnds: { label: 'site', query: `min by (site) (probe_ssl_earliest_cert_expiry)` },
};

const names = Object.keys(queries) as (keyof History)[];

/** Time of the first slot, in seconds since 1970 */
const startOf = (now: Date): number => Math.floor(now.getTime() / 1000) - (slots - 1) * slotSeconds;

/** Returns the script that asks the Prometheus of a system for its last hours, and prints a line for each query */
export function historyScript(system: string, now: Date): string {
  const container = `${system}-base-${prometheusService}-1`;
  return names
    .map((name) => {
      const asked = new URLSearchParams({
        ...{ query: queries[name].query, step: `${slotSeconds}` },
        ...{ start: `${startOf(now)}`, end: `${startOf(now) + (slots - 1) * slotSeconds}` },
      });
      const url = `http://127.0.0.1:${prometheusPort}/api/v1/query_range?${asked}`;
      return `echo "${name} $(docker exec ${container} wget -q -O - ${quoted(url)} </dev/null)"\n`;
    })
    .join('');
}

const answer = z.object({
  data: z.object({
    result: z.array(
      z.object({ metric: z.record(z.string(), z.string()), values: z.array(z.tuple([z.number(), z.string()])) }),
    ),
  }),
});

/**
 * Reads the lines that the script prints
 * @throws where Prometheus answered one of them with something else
 */
export function readHistory(stdout: string, now: Date): History {
  const lines = new Map(stdout.split('\n').map((line) => [line.slice(0, line.indexOf(' ')), line]));
  const read = (name: keyof History) => {
    const text = lines.get(name)?.slice(name.length + 1) ?? '';
    if (text === '') throw new Error('Prometheus does not answer');
    const { result } = answer.parse(JSON.parse(text)).data;
    return Object.fromEntries(
      result.map(({ metric, values }) => [metric[queries[name].label] ?? '', seriesOf(values, startOf(now))]),
    );
  };
  return Object.fromEntries(names.map((name) => [name, read(name)])) as unknown as History;
}

function seriesOf(values: readonly (readonly [number, string])[], start: number): Series {
  const series: (number | null)[] = Array.from({ length: slots }, () => null);
  for (const [time, text] of values) {
    const [slot, value] = [Math.round((time - start) / slotSeconds), Number(text)];
    if (slot >= 0 && slot < slots && Number.isFinite(value)) series[slot] = value;
  }
  return series;
}

/** Returns the values that are known */
export const known = (series: Series = []): readonly number[] => series.flatMap((value) => value ?? []);

/** Returns the mean of the values that are known; undefined where none is */
export function mean(series?: Series): number | undefined {
  const values = known(series);
  return values.length === 0 ? undefined : values.reduce((sum, value) => sum + value, 0) / values.length;
}
