/** A measured value, beside the limit that it promises to keep; without one it stands there to compare with. */
export interface Figure {
  name: string;
  measured: number;
  limit?: number;
  /** Of several measurements, whose median is `measured`. */
  range?: { least: number; most: number };
  /** For example `s`, or `×` for a ratio of two times of one run. */
  unit: string;
}

/** What one file of test/bench exports as `measure`. */
export type Measure = (context: BenchContext) => Promise<Figure[]>;

export interface BenchContext {
  /** What to run the engine in, with `pulumi` on its PATH. */
  environment: NodeJS.ProcessEnv;
  log: (line: string) => void;
}

/** True when a figure keeps its limit, or has none. */
export function keepsLimit({ measured, limit }: Figure): boolean {
  return limit === undefined || measured <= limit;
}

/** The figures as a table for a terminal, one line each. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    `${mark(figure)} ${figure.name}`,
    `${short(figure.measured)} ${figure.unit}`.trim(),
    figure.range ? `${short(figure.range.least)}–${short(figure.range.most)}` : '',
    figure.limit === undefined ? '' : `≤ ${figure.limit} ${figure.unit}`.trim(),
  ]);
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  const cell = (text: string, column: number): string =>
    column === 1 ? text.padStart(width(column)) : text.padEnd(width(column));
  return rows
    .map((row) =>
      row
        .map(cell)
        .filter((text) => text !== '')
        .join('   ')
        .trimEnd(),
    )
    .join('\n');
}

function mark(figure: Figure): string {
  if (figure.limit === undefined) return '·';
  return keepsLimit(figure) ? '✓' : '✗';
}

const short = (value: number): string => (Number.isInteger(value) ? `${value}` : value.toFixed(2));
