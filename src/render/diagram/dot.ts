import type { Arrow, Box, Drawing } from '../diagram.ts';

/** Returns a diagram in Graphviz' DOT language */
export const dot = ({ outside, systems, arrows }: Drawing): string =>
  [
    'digraph stack {',
    '  rankdir=LR; ranksep=1.1; nodesep=0.35; fontname="Helvetica"; fontsize=13;',
    '  node [fontname="Helvetica", fontsize=11, shape=plain];',
    '  edge [fontname="Helvetica", fontsize=10, color="#475569", fontcolor="#334155", arrowsize=0.7];',
    ...outside.map((box) => `  ${node(box)}`),
    ...systems.flatMap(({ id, title, boxes }) => [
      `  subgraph ${quotedId(`cluster ${id}`)} {`,
      `    label=<${roomy(title)}>; style="rounded"; color="#94a3b8"; margin=16;`,
      ...boxes.map((box) => `    ${node(box)}`),
      '  }',
    ]),
    ...arrows.map((one) => `  ${arrow(one)}`),
    '}',
    '',
  ].join('\n');

const colours: Readonly<Record<Box['kind'], { head: string; border: string }>> = {
  outside: { head: '#fef3c7', border: '#d97706' },
  machines: { head: '#dbeafe', border: '#2563eb' },
  part: { head: '#dcfce7', border: '#16a34a' },
};

/** Returns a box as a table: a coloured title, then one row for each line */
function node({ id, kind, title, lines }: Box): string {
  const { head, border } = colours[kind];
  const rows = [
    `<tr><td align="left" bgcolor="${head}"><b>${roomy(title)}</b></td></tr>`,
    ...lines.map((line) => `<tr><td align="left">${roomy(line)}</td></tr>`),
  ];
  const style = `border="0" cellborder="1" cellspacing="0" cellpadding="6" color="${border}"`;
  return `${quotedId(id)} [label=<<table ${style}>${rows.join('')}</table>>];`;
}

const arrow = ({ from, to, label, kind }: Arrow): string =>
  `${quotedId(from)} -> ${quotedId(to)} [label=${quotedId(label)}${kind === 'uses' ? ', style=dashed' : ''}];`;

/**
 * Escapes a text and pads it: a browser without the font uses one that is up to a fifth wider than Graphviz computes
 */
const roomy = (text: string): string => `${escaped(text)}${'&#160;'.repeat(Math.ceil(text.length / 3))}`;

const quotedId = (text: string): string => `"${text.replace(/["\\]/g, '\\$&')}"`;

const escaped = (text: string): string =>
  text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;').replaceAll('"', '&quot;');
