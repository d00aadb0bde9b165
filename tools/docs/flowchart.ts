import { instance } from '@viz-js/viz';

/**
 * Draws a flowchart of Mermaid as an SVG in the page's own colours, so that the site needs no script for it. It knows what
 * berth's pages use: boxes, cylinders, rounded and slanted boxes, groups, arrows with texts. It goes to the right or down,
 * whichever is narrower.
 * @throws for a line that it does not know
 */
export async function drawn(mermaid: string): Promise<string> {
  const graphviz = await instance();
  const [svg = ''] = ['LR', 'TB']
    .map((direction) => graphviz.renderString(dotOf(mermaid, direction), { format: 'svg' }))
    .sort((one, other) => widthOf(one) - widthOf(other));
  return svg
    .slice(svg.indexOf('<svg'))
    .replace(/width="([\d.]+)pt" height="[\d.]+pt"/, 'width="$1"')
    .replaceAll(/<!--[\s\S]*?-->\n?/g, '')
    .replaceAll(/<title>[\s\S]*?<\/title>\n?/g, '')
    .replaceAll(/\n\s*\n/g, '\n')
    .replaceAll('"#010203"', '"currentColor"');
}

const widthOf = (svg: string): number => Number(/width="([\d.]+)pt"/.exec(svg)?.[1]);

const shapes: readonly { form: RegExp; shape: string }[] = [
  { form: /^\[\("?(.*?)"?\)\]$/, shape: 'cylinder' },
  { form: /^\(\["?(.*?)"?\]\)$/, shape: 'box, style=rounded' },
  { form: /^\[\/"?(.*?)"?\/\]$/, shape: 'parallelogram' },
  { form: /^\["?(.*?)"?\]$/, shape: 'box' },
];

const name = String.raw`[A-Za-z_]\w*`;
const form = String.raw`(?:\[\(.*?\)\]|\(\[.*?\]\)|\[\/.*?\/\]|\[".*?"\]|\[[^\]"]*\])`;
const node = `${name}(?:${form})?`;
const arrow = String.raw`\s+(?:-->\|"?(.*?)"?\||--\s"?(.*?)"?\s-->|-->|-\.->)\s+`;

function dotOf(mermaid: string, direction: string): string {
  const [head, ...lines] = mermaid.split('\n').map((line) => line.trim());
  if (head !== 'flowchart LR') throw new Error(`a diagram of another kind than flowchart LR: ${head}`);
  const ink = 'color="#010203", fontcolor="#010203"';
  // The site's own letters are as wide as these, which are a size larger
  const font = 'fontname="Helvetica", fontsize=13';
  const settings = [
    `graph [rankdir=${direction}, bgcolor=transparent, nodesep=0.25, ranksep=0.5, ${ink}, ${font}]`,
    `node [shape=box, ${ink}, ${font}, margin="0.12,0.07"]`,
    `edge [${ink}, ${font}, arrowsize=0.7]`,
  ];
  return `digraph {\n${[...settings, ...lines.flatMap(statements)].join('\n')}\n}`;
}

function statements(line: string): readonly string[] {
  if (line === '') return [];
  if (line === 'end') return ['}'];
  const group = new RegExp(`^subgraph (${name})(${form})?$`).exec(line);
  if (group) return [`subgraph cluster_${group[1]} {`, `label=${label(shapeOf(group[2] ?? `[${group[1]}]`).text)}`];
  if (new RegExp(`^${node}$`).test(line)) return declared(line);
  const parts = line.split(new RegExp(arrow));
  const ends = parts.filter((_, at) => at % 3 === 0).map((end) => end.split(/\s&\s/));
  if (ends.length < 2 || !ends.flat().every((end) => new RegExp(`^${node}$`).test(end)))
    throw new Error(`a line of a diagram that can't be drawn: ${line}`);
  const dotted = line.includes('-.->') ? ', style=dashed' : '';
  const edges = ends.slice(1).flatMap((tos, at) => {
    const text = parts[3 * at + 1] ?? parts[3 * at + 2] ?? '';
    return (ends[at] ?? []).flatMap((from) =>
      tos.map((to) => `${nameOf(from)} -> ${nameOf(to)} [label=${label(text === '' ? '' : ` ${text} `)}${dotted}]`),
    );
  });
  return [...ends.flat().flatMap(declared), ...edges];
}

const nameOf = (text: string): string => new RegExp(`^${name}`).exec(text)?.[0] ?? text;

function declared(text: string): readonly string[] {
  const shape = text.slice(nameOf(text).length);
  if (shape === '') return [];
  const { text: inner, shape: drawnAs } = shapeOf(shape);
  return [`${nameOf(text)} [label=${label(inner)}, shape=${drawnAs}]`];
}

function shapeOf(text: string): { text: string; shape: string } {
  for (const { form: pattern, shape } of shapes) {
    const [, inner] = pattern.exec(text) ?? [];
    if (inner !== undefined) return { text: inner, shape };
  }
  throw new Error(`a box of a diagram that can't be drawn: ${text}`);
}

/** Mermaid's texts are HTML, and so are these: `<b>` and `<br/>` mean the same in both */
const label = (text: string): string => (text === '' ? '""' : `<${text.replaceAll(/&(?!\w+;)/g, '&amp;')}>`);
