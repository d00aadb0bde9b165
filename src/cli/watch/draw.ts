import { duration } from '../../process/progress.ts';
import { isMachine, type Row, type WatchState } from './state.ts';

export interface Room {
  columns: number;
  rows: number;
  /** Milliseconds since 1970 */
  now: number;
}

const marks = { waits: '·', runs: '▸', done: '✓', failed: '✗' } as const;
const narrow = 60;
const wide = 100;
const barWidth = 10;
const stepWidth = 26;
const timeWidth = 9;
/** What a line has besides its name: mark, step, time, bar and figures */
const besideName = 2 + 2 + stepWidth + 2 + timeWidth + 2 + barWidth + 9;

/**
 * Returns the lines of a terminal that show where a deployment is: one a machine, one a resource that changes now, and the
 * whole below. None is wider than the terminal, and there are fewer than it has rows.
 */
export function draw(state: WatchState, { columns, rows: height, now }: Room): readonly string[] {
  const width = Math.max(1, columns - 1);
  const shown = [...state.rows].filter(
    ([name, row]) => isMachine(name) || row.state === 'failed' || (row.state === 'runs' && state.phase !== 'ended'),
  );
  const room = Math.max(1, height - 3);
  const chosen = shown.length <= room ? shown : bySoonest(shown).slice(0, room - 1);
  const hidden = shown.filter((one) => !chosen.includes(one));
  const most = width < narrow ? Math.floor(width * 0.4) : width - besideName;
  const nameWidth = Math.min(Math.max(0, ...chosen.map(([name]) => name.length)), most);
  const lines = [
    ...chosen.map(([name, row]) => rowLine(name, row, { nameWidth, width, now })),
    ...(hidden.length > 0 ? [`  … and ${hidden.length} more`] : []),
    `  ${wholeText(state, now)}`,
  ];
  return lines.map((line) => plain(line).slice(0, width).trimEnd());
}

/** What failed first, then what runs, then what waits */
const bySoonest = (rows: readonly [string, Row][]): [string, Row][] =>
  (['failed', 'runs', 'waits', 'done'] as const).flatMap((state) => rows.filter(([, row]) => row.state === state));

interface Columns {
  nameWidth: number;
  width: number;
  now: number;
}

function rowLine(name: string, row: Row, { nameWidth, width, now }: Columns): string {
  const head = `${marks[row.state]} ${fitted(name, nameWidth)}`;
  const running = row.open.at(-1);
  if (row.state === 'done') return `${head}  done, ${duration(row.seconds ?? 0)}`;
  if (row.state === 'failed') return `${head}  failed${row.seconds === undefined ? '' : `, ${duration(row.seconds)}`}`;
  if (!running) return `${head}  waits`;
  const place = row.steps.indexOf(running.step);
  const count = place < 0 ? '' : `${place + 1}/${row.steps.length} `;
  const time = duration((now - running.at) / 1000);
  const known = row.progress && progressText(row.progress, now, width >= narrow);
  if (width < narrow) return [head, `${count}${running.step}`, known ?? time].join('  ');
  const said = width < wide ? '' : row.progress?.text || row.note;
  return [head, fitted(`${count}${running.step}`, stepWidth), time.padStart(timeWidth), known ?? '', said].join('  ');
}

/** A bar where there is room for it, and figures; the seconds of a step with a fixed length pass by the clock */
function progressText({ done, of, unit, at }: NonNullable<Row['progress']>, now: number, withBar: boolean): string {
  const reached = Math.min(of, unit === 'seconds' ? done + Math.floor((now - at) / 1000) : done);
  const figures = `${reached}/${of}${unit === 'seconds' ? ' s' : ''}`;
  if (!withBar) return figures;
  const full = Math.round((reached / of) * barWidth);
  return `${'━'.repeat(full)}${'─'.repeat(barWidth - full)} ${figures}`;
}

function wholeText({ phase, began, last, rows }: WatchState, now: number): string {
  const seconds = duration(((phase === 'ended' ? last : now) - began) / 1000);
  if (phase === 'plans') return `plans what changes, ${seconds}`;
  const all = [...rows.values()];
  const done = all.filter(({ state }) => state === 'done').length;
  const failed = all.filter(({ state }) => state === 'failed').length;
  return `${done} of ${all.length} done${failed > 0 ? `, ${failed} failed` : ''}, ${seconds}`;
}

const fitted = (text: string, width: number): string =>
  text.length <= width ? text.padEnd(width) : `${text.slice(0, Math.max(0, width - 1))}…`;

/** Without control characters, and without characters that may take two columns */
const plain = (text: string): string => text.replace(/[^\x20-\x7e\u00a0-\u024f\u2010-\u2027\u2500-\u25bf✓✗]/gu, '?');
