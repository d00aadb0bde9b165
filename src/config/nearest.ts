/** Returns the candidate closest to a name, ignoring case and punctuation; `undefined` if none is close */
export function nearest(name: string, candidates: Iterable<string>): string | undefined {
  const ranked = [...candidates]
    .map((candidate) => ({ candidate, distance: distanceOf(plain(name), plain(candidate)) }))
    .filter(({ candidate, distance }) => distance <= Math.max(1, Math.min(name.length, candidate.length) / 3))
    .sort((a, b) => a.distance - b.distance);
  return ranked[0]?.candidate;
}

/** Counts a truncated or extended name as one edit: `disk` for `diskGb` */
function distanceOf(a: string, b: string): number {
  const begins = Math.min(a.length, b.length) >= 3 && (a.startsWith(b) || b.startsWith(a));
  return begins ? Math.min(1, editDistance(a, b)) : editDistance(a, b);
}

const plain = (name: string): string => name.toLowerCase().replace(/[-_]/g, '');

/**
 * Returns the number of insertions, deletions, replacements and swaps of neighbours between two words
 * (Damerau-Levenshtein)
 */
function editDistance(a: string, b: string): number {
  let before: number[] = [];
  let previous = Array.from({ length: b.length + 1 }, (_, column) => column);
  for (let row = 1; row <= a.length; row++) {
    const current = [row];
    for (let column = 1; column <= b.length; column++) {
      const cost = a[row - 1] === b[column - 1] ? 0 : 1;
      const swapped = a[row - 1] === b[column - 2] && a[row - 2] === b[column - 1];
      current[column] = Math.min(
        (previous[column] ?? 0) + 1,
        (current[column - 1] ?? 0) + 1,
        (previous[column - 1] ?? 0) + cost,
        swapped ? (before[column - 2] ?? 0) + 1 : Number.POSITIVE_INFINITY,
      );
    }
    [before, previous] = [previous, current];
  }
  return previous[b.length] ?? 0;
}
