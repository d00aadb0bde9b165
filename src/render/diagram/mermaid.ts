import type { Arrow, Box, Drawing } from '../diagram.ts';

/** Returns a diagram as Mermaid text, which code hosts show as a picture */
export const mermaid = ({ outside, systems, arrows }: Drawing): string =>
  [
    'flowchart LR',
    ...outside.map((box) => `  ${node(box)}`),
    ...systems.flatMap(({ id, title, boxes }) => [
      `  subgraph ${word(id)}["${escaped(title)}"]`,
      ...boxes.map((box) => `    ${node(box)}`),
      '  end',
    ]),
    ...arrows.map((one) => `  ${arrow(one)}`),
    '',
  ].join('\n');

const shapes: Readonly<Record<Box['kind'], readonly [string, string]>> = {
  outside: ['(["', '"])'],
  machines: ['["', '"]'],
  part: ['[("', '")]'],
};

function node({ id, kind, title, lines }: Box): string {
  const [open, close] = shapes[kind];
  const text = [kind === 'machines' ? `<b>${escaped(title)}</b>` : escaped(title), ...lines.map(escaped)].join('<br/>');
  return `${word(id)}${open}${text}${close}`;
}

const arrow = ({ from, to, label, kind }: Arrow): string =>
  `${word(from)} ${kind === 'uses' ? '-.->' : '-->'}${label === '' ? '' : `|"${escaped(label)}"|`} ${word(to)}`;

/** Returns an identifier for Mermaid, in which no prefixed name is a keyword such as `end` */
const word = (id: string): string => `_${id.replace(/[^A-Za-z0-9-]/g, '__').replaceAll('-', '_')}`;

/** Escapes characters that would end a text, as Mermaid's numeric entities */
const escaped = (text: string): string => text.replace(/[#&<>"]/g, (sign) => `#${sign.codePointAt(0)};`);
