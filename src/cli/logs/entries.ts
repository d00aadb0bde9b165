import { stripVTControlCharacters } from 'node:util';
import { printable } from '../table.ts';

/** A line of a service */
export interface Entry {
  /** As the machine wrote it, in UTC: 2026-05-01T08:00:00.123456Z */
  time: string;
  machine: string;
  service: string;
  text: string;
}

/** Returns the lines of a machine's output, which come in parts; the rest of a part is kept for the next */
export function entryReader(machine: string): (output: Buffer) => readonly Entry[] {
  let rest = Buffer.alloc(0);
  return (output) => {
    const all = Buffer.concat([rest, output]);
    const end = all.lastIndexOf('\n');
    rest = all.subarray(end + 1);
    const lines = all
      .subarray(0, end + 1)
      .toString()
      .split('\n')
      .slice(0, -1);
    return lines.flatMap((line) => entryOf(machine, line));
  };
}

function entryOf(machine: string, line: string): Entry | [] {
  const [, time = '', service = '', text = ''] = /^([^\t]*)\t([^\t]*)\t(.*)$/s.exec(line) ?? [];
  return time === '' ? [] : { time, machine, service, text };
}

/** By time; what was said at the same time stays in the order in which it came */
export const inOrder = (entries: readonly Entry[]): readonly Entry[] =>
  entries
    .map((entry) => ({ entry, at: instant(entry.time) }))
    .sort((one, other) => (one.at < other.at ? -1 : Number(one.at > other.at)))
    .map(({ entry }) => entry);

/** Docker leaves out zeros at the end of a fraction, so texts don't compare */
const instant = (time: string): string => {
  const [whole = '', fraction = ''] = time.replace(/Z$/, '').split('.');
  return `${whole}.${fraction.padEnd(9, '0')}`;
};

/** For a person: colours are left out, and so is what a terminal would obey */
export function entryText({ time, machine, service, text }: Entry): string {
  const shown = printable(stripVTControlCharacters(text).replaceAll('\t', '  '));
  return `${instant(time).slice(0, 23)}Z ${machine} ${service} | ${shown}\n`;
}
