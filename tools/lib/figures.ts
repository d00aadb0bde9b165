/** A measured value beside the limit that it promises to keep. */
export interface Figure {
  name: string;
  measured: number;
  limit: number;
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

/** True when a figure keeps its limit. */
export function keepsLimit({ measured, limit }: Figure): boolean {
  return measured <= limit;
}

/** The figures as a table for a terminal, one line each. */
export function figureTable(figures: readonly Figure[]): string {
  const rows = figures.map((figure) => [
    keepsLimit(figure) ? '✓' : '✗',
    figure.name,
    `${figure.measured.toFixed(2)} ${figure.unit}`,
    `≤ ${figure.limit} ${figure.unit}`,
  ]);
  const width = (column: number): number => Math.max(0, ...rows.map((row) => row[column]?.length ?? 0));
  return rows
    .map(([mark = '', name = '', measured = '', limit = '']) =>
      `${mark} ${name.padEnd(width(1))}   ${measured.padStart(width(2))}   ${limit}`.trimEnd(),
    )
    .join('\n');
}
