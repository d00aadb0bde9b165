/** What a terminal shows at one moment */
export interface Moment {
  /** Seconds since the beginning */
  at: number;
  /** All lines, also those that have moved out of sight */
  lines: readonly string[];
  /** The first line in sight */
  top: number;
}

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

/** Times in which nothing happens are shortened, and moments that follow at once are one */
export function recordingOf(
  moments: readonly Moment[],
  { longestWait = 1.2, shortest = 0.3, pause = 6 } = {},
): Recording {
  const kept = thinned(shortened(moments, longestWait), shortest);
  const tops = kept
    .map(({ at, top }) => ({ at, top }))
    .filter(({ top }, index, all) => index === 0 || all[index - 1]?.top !== top);
  return { shown: shownIn(kept), tops, length: (kept.at(-1)?.at ?? 0) + pause };
}

function shownIn(moments: readonly Moment[]): readonly Shown[] {
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

function shortened(moments: readonly Moment[], longestWait: number): readonly Moment[] {
  let [last, saved] = [0, 0];
  return moments.map((moment) => {
    saved += Math.max(0, moment.at - last - longestWait);
    last = moment.at;
    return { ...moment, at: moment.at - saved };
  });
}

/** Of moments that are closer than the shortest time, the last one */
function thinned(moments: readonly Moment[], shortest: number): readonly Moment[] {
  return moments.filter(({ at }, index) => {
    const next = moments[index + 1];
    return next === undefined || Math.floor(next.at / shortest) !== Math.floor(at / shortest);
  });
}
