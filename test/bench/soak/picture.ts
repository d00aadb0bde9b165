const [width, height, gap] = [640, 44, 8];
const left = 170;

/** Returns a picture with a line over time for each series, each from 0 to its most */
export function linesPicture(series: Readonly<Record<string, readonly number[]>>): string {
  const rows = Object.entries(series).map(([name, values], at) => row(name, values, at * (height + gap) + gap));
  const whole = rows.length * (height + gap) + gap;
  return `<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 ${width + 90} ${whole}" font-family="sans-serif" font-size="11">
<rect width="100%" height="100%" fill="#fff"/>
${rows.join('\n')}
</svg>
`;
}

function row(name: string, values: readonly number[], top: number): string {
  const most = Math.max(1, ...values);
  const x = (at: number): string => (left + ((width - left) * at) / Math.max(1, values.length - 1)).toFixed(1);
  const y = (value: number): string => (top + height - (height * value) / most).toFixed(1);
  const points = values.map((value, at) => `${x(at)},${y(value)}`).join(' ');
  return `<text x="8" y="${top + height / 2 + 4}">${name}</text>
<line x1="${left}" y1="${top + height}" x2="${width}" y2="${top + height}" stroke="#ccc"/>
<polyline points="${points}" fill="none" stroke="#06c" stroke-width="1.5"/>
<text x="${width + 6}" y="${top + height / 2 + 4}">≤ ${most}</text>`;
}

/** Returns a line for a terminal, eight heights from 0 to the most */
export function sparkline(values: readonly number[]): string {
  const most = Math.max(1, ...values);
  return values.map((value) => '▁▂▃▄▅▆▇█'[Math.min(7, Math.floor((8 * value) / most))]).join('');
}
