import type { Recording, Shown } from './frames.ts';

const [charWidth, lineHeight, margin, head] = [7.83, 19, 16, 34];

/** A recording as a picture that moves; where motion is not wanted, and at its end, it shows the last moment */
export function svgOf({ shown, tops, length }: Recording, { columns, rows, title }: Size): string {
  const width = Math.ceil(columns * charWidth + 2 * margin);
  const height = head + rows * lineHeight + margin;
  const frames = new Map<string, string>();
  const percent = (at: number): string => `${Number(((100 * at) / length).toFixed(2))}%`;
  const between = ({ from, to }: Shown): string => {
    const end = to === undefined ? '' : `${percent(to)}{visibility:hidden}`;
    const rule = `0%{visibility:hidden}${percent(from)}{visibility:visible}${end}`;
    const name = frames.get(rule) ?? `f${frames.size}`;
    frames.set(rule, name);
    return name;
  };
  const texts = shown.map((one) => {
    const style = `animation-name:${between(one)}${one.to === undefined ? '' : ';visibility:hidden'}`;
    const kind = one.text.startsWith('$ ') ? ' class="typed"' : '';
    return `<text y="${(one.line + 1) * lineHeight - 5}" style="${style}"${kind}>${escaped(one.text)}</text>`;
  });
  const moved = (top: number): string => `transform:translateY(${-top * lineHeight}px)`;
  const moves = tops.map(({ at, top }) => `${percent(at)}{${moved(top)}}`).join('');
  const rules = [...frames].map(([rule, name]) => `@keyframes ${name}{${rule}}`);
  return `<svg xmlns="http://www.w3.org/2000/svg" width="${width}" height="${height}" viewBox="0 0 ${width} ${height}" role="img">
<title>${escaped(title)}</title>
<style>
rect{fill:#f6f8fa;stroke:#d0d7de}text{fill:#1f2328;font:13px ui-monospace,SFMono-Regular,Menlo,Consolas,"DejaVu Sans Mono",monospace;white-space:pre}
.typed{font-weight:bold}circle{fill:#afb8c1}text,.moves{animation:${length.toFixed(2)}s step-end infinite}
.moves{animation-name:moves;${moved(tops.at(-1)?.top ?? 0)}}
@media (prefers-color-scheme:dark){rect{fill:#0d1117;stroke:#30363d}text{fill:#e6edf3}circle{fill:#484f58}}
@media (prefers-reduced-motion:reduce){text,.moves{animation:none!important}}
@keyframes moves{${moves}}
${rules.join('\n')}
</style>
<rect x=".5" y=".5" width="${width - 1}" height="${height - 1}" rx="8"/>
<circle cx="20" cy="18" r="5"/><circle cx="38" cy="18" r="5"/><circle cx="56" cy="18" r="5"/>
<svg x="${margin}" y="${head}" width="${width - 2 * margin}" height="${rows * lineHeight}"><g class="moves">
${texts.join('\n')}
</g></svg>
</svg>
`;
}

interface Size {
  columns: number;
  rows: number;
  title: string;
}

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
