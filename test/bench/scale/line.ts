export interface Line {
  /** Value at 0 */
  start: number;
  slope: number;
}

/** Returns the line that fits points best (least squares) */
export function line(points: readonly (readonly [number, number])[]): Line {
  const mean = (of: (point: readonly [number, number]) => number) =>
    points.reduce((sum, point) => sum + of(point), 0) / points.length;
  const [x, y] = [mean(([at]) => at), mean(([, value]) => value)];
  const slope = mean(([at, value]) => (at - x) * (value - y)) / mean(([at]) => (at - x) ** 2);
  return { start: y - slope * x, slope };
}
