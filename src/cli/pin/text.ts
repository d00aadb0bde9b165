import { isMap, isScalar, type Pair, parseDocument, type YAMLMap } from 'yaml';

const key = 'berth:images';

interface Edit {
  start: number;
  end: number;
  by: string;
}

/**
 * Returns an environment file with these digests under `berth:images`, and no other change of its text: what is there is
 * changed in its line, what is new comes below, what is gone takes its line with it
 * @throws where the file has no systems, beside which the block would stand
 */
export function withImages(text: string, images: Readonly<Record<string, string>>): string {
  const config = parseDocument(text).get('config', true);
  const systems = isMap(config) ? config.get('berth:systems', true) : undefined;
  const pairOf = (name: string) => (isMap(config) ? config.items.find((pair) => keyOf(pair) === name) : undefined);
  const begin = startOf(pairOf('berth:systems'));
  if (!isMap(systems) || !systems.range || begin === undefined) throw new Error('the file has no block berth:systems');
  const indent = ' '.repeat(begin - lineStart(text, begin));
  const present = pairOf(key);
  if (present === undefined) {
    const before = text.slice(0, systems.range[1]).replace(/(?<!\n)$/, '\n');
    return `${before}${indent}${key}:${block(images, indent)}\n${text.slice(systems.range[1])}`;
  }
  const map = present.value;
  if (isMap(map) && !map.flow && map.items.some((pair) => keyOf(pair) in images))
    return edited(text, lineEdits(text, map, images));
  const after = (startOf(present) ?? 0) + key.length + 1;
  const end = isMap(map) && map.range ? valueEnd(text, map) : after;
  return edited(text, [{ start: after, end, by: block(images, indent) }]);
}

/** Entries below their key, each on its line */
function block(images: Readonly<Record<string, string>>, indent: string): string {
  const lines = Object.entries(images).map(([image, digest]) => `\n${indent}  ${image}: ${digest}`);
  return lines.length === 0 ? ' {}' : lines.join('');
}

function lineEdits(text: string, map: YAMLMap, images: Readonly<Record<string, string>>): readonly Edit[] {
  const kept = map.items.filter((pair) => keyOf(pair) in images);
  const last = startOf(kept.at(-1)) ?? 0;
  const indent = ' '.repeat(last - lineStart(text, last));
  const names = map.items.map(keyOf);
  const added = Object.entries(images).filter(([image]) => !names.includes(image));
  const below = lineEnd(text, last);
  const lines = added.map(([image, digest]) => `\n${indent}${image}: ${digest}`).join('');
  return [
    ...map.items.flatMap((pair): readonly Edit[] => {
      const start = startOf(pair) ?? 0;
      const digest = images[keyOf(pair)];
      if (digest === undefined) return [{ start: lineStart(text, start), end: lineEnd(text, start) + 1, by: '' }];
      const { value } = pair;
      if (!isScalar(value) || !value.range || value.value === digest) return [];
      return [{ start: value.range[0], end: value.range[1], by: digest }];
    }),
    ...(lines === '' ? [] : [{ start: below, end: below, by: lines }]),
  ];
}

/** End of what is written of a map, without the line break after its last entry */
const valueEnd = (text: string, { range }: YAMLMap): number =>
  (range?.[0] ?? 0) + text.slice(range?.[0], range?.[1]).trimEnd().length;

const edited = (text: string, edits: readonly Edit[]): string =>
  [...edits]
    .sort((one, other) => other.start - one.start)
    .reduce((left, { start, end, by }) => `${left.slice(0, start)}${by}${left.slice(end)}`, text);

const keyOf = ({ key: name }: Pair): string => (isScalar(name) ? String(name.value) : '');
const startOf = (pair: Pair | undefined): number | undefined => (isScalar(pair?.key) ? pair.key.range?.[0] : undefined);
const lineStart = (text: string, at: number): number => text.lastIndexOf('\n', at - 1) + 1;
const lineEnd = (text: string, at: number): number => {
  const end = text.indexOf('\n', at);
  return end === -1 ? text.length : end;
};
