import type { Series } from './data.ts';
import { historyHours, known, mean } from './history.ts';
import { html, type Markup, trusted } from './html.ts';
import { percent } from './words.ts';

const [slotWidth, height] = [3, 20];

/** Returns the chart of a share that should be whole, such as of answered requests: a column a slot */
export function availability(series: Series | undefined, what: string): Markup {
  const share = mean(series);
  if (!series || share === undefined) return html`<span class="none">no data yet</span>`;
  const columns = series.map(stateOf);
  const paths = (['ok', 'part', 'fail', 'gap'] as const).map((state) => {
    const d = runsOf(columns, state)
      .map(([from, count]) => column(from, count, heights[state]))
      .join('');
    return d === '' ? '' : `<path class="${state}" d="${d}"/>`;
  });
  return chart(series, `${what}: ${percent(share)} over ${hoursText(series)}`, paths.join(''));
}

/** Returns the chart of a quantity over time */
export function line(series: Series | undefined, what: string, told: (value: number) => string, top?: number): Markup {
  const values = known(series);
  if (!series || values.length === 0) return html`<span class="none">no data yet</span>`;
  const most = Math.max(...values);
  const scale = top ?? (most > 0 ? most : 1);
  const y = (value: number): number => height - 1 - Math.round((Math.min(value, scale) / scale) * (height - 2));
  const shape = series.reduce<string>((path, value, slot) => {
    const [before, after] = [series[slot - 1] ?? null, series[slot + 1] ?? null];
    if (value === null) return path;
    const begin = before === null ? `M${slot * slotWidth} ${height}` : '';
    return `${path}${begin}V${y(value)}h${slotWidth}${after === null ? `V${height}z` : ''}`;
  }, '');
  const label = `${what}: now ${told(values.at(-1) ?? 0)}, at most ${told(most)} within ${hoursText(series)}`;
  return chart(series, label, `<path class="area" d="${shape}"/>`);
}

/** The length that the data cover, which begins with the first one */
function hoursText(series: Series): string {
  const covered = series.length - series.findIndex((value) => value !== null);
  const minutes = Math.round((covered / series.length) * historyHours * 60);
  return minutes >= 90 ? `${Math.round(minutes / 60)} h` : `${minutes} min`;
}

const heights = { ok: height * 0.7, part: height * 0.85, fail: height, gap: 2 } as const;

/** A slot in which one request of thousands failed is not drawn as if all was well, nor as if nothing was */
const stateOf = (value: number | null): keyof typeof heights => {
  if (value === null) return 'gap';
  if (value === 0) return 'fail';
  return value < 0.9995 ? 'part' : 'ok';
};

/** Returns where a state begins, and over how many slots it lasts */
function runsOf(states: readonly string[], wanted: string): readonly (readonly [number, number])[] {
  const runs: [number, number][] = [];
  for (const [slot, state] of states.entries()) {
    const last = runs.at(-1);
    if (state !== wanted) continue;
    if (last && last[0] + last[1] === slot) last[1] += 1;
    else runs.push([slot, 1]);
  }
  return runs;
}

const column = (slot: number, count: number, tall: number): string =>
  `M${slot * slotWidth} ${height}v-${tall}h${count * slotWidth}v${tall}z`;

const chart = (series: Series, label: string, shapes: string): Markup =>
  html`<svg class="chart" role="img" aria-label="${label}" viewBox="0 0 ${series.length * slotWidth} ${height}" preserveAspectRatio="none">${trusted(shapes)}</svg>`;
