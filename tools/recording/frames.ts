/** What a terminal shows at one moment */
export interface Moment {
  /** Seconds since the beginning, in which somebody typed, and in which programs worked */
  typed: number;
  worked: number;
  /** All lines, also those that have moved out of sight */
  lines: readonly string[];
  /** The first line in sight */
  top: number;
}

type Placed = Moment & { at: number };

/** A text on a line, from one moment to another */
export interface Shown {
  line: number;
  text: string;
  from: number;
  /** Nothing where it is there at the end */
  to?: number;
}

export interface Recording {
  shown: readonly Shown[];
  /** How far the terminal has moved its lines up, from each moment on */
  tops: readonly { at: number; top: number }[];
  /** Seconds, a pause at the end included */
  length: number;
}

/**
 * Shows the work of programs in this many seconds at most, however long it took; of moments that follow at once the last one
 * @param step seconds between two moments of a program; typing shows each
 */
export function recordingOf(moments: readonly Moment[], { longest = 30, step = 0.5, pause = 6 } = {}): Recording {
  const speed = Math.max(1, (moments.at(-1)?.worked ?? 0) / longest);
  const placed = moments.map((moment) => ({ ...moment, at: moment.typed + moment.worked / speed }));
  const kept = placed.filter((moment, index) => isShown(moment, placed[index + 1], step));
  const tops = kept
    .map(({ at, top }) => ({ at, top }))
    .filter(({ top }, index, all) => index === 0 || all[index - 1]?.top !== top);
  return { shown: shownIn(kept), tops, length: (kept.at(-1)?.at ?? 0) + pause };
}

function shownIn(moments: readonly Placed[]): readonly Shown[] {
  const open = new Map<number, Shown>();
  const ended: Shown[] = [];
  for (const { at, lines } of moments) {
    for (const line of new Set([...open.keys(), ...lines.keys()])) {
      const [before, text] = [open.get(line), lines[line] ?? ''];
      if (before?.text === text) continue;
      if (before) ended.push({ ...before, to: at });
      open.delete(line);
      if (text !== '') open.set(line, { line, text, from: at });
    }
  }
  return [...ended, ...open.values()];
}

const isShown = (moment: Placed, next: Placed | undefined, step: number): boolean =>
  next === undefined || next.typed > moment.typed || Math.floor(next.at / step) !== Math.floor(moment.at / step);
