import { z } from 'zod';
import { sumsText } from './report.ts';

/** What `berth cost --json` says */
const said = z.object({
  month: z.record(z.string(), z.number()),
  items: z.array(z.object({ system: z.string(), what: z.string(), month: z.number().nullable() })),
});
type Said = z.infer<typeof said>;

/** Parses what `berth cost --json` printed */
export const costSaid = (text: string): Said => said.parse(JSON.parse(text));

/**
 * Returns the difference that a change makes to a stack's cost as a paragraph of Markdown
 * @param before undefined where the former checkout can not say it
 */
export function costChange(before: Said | undefined, now: Said): string {
  const unknown = now.items.filter(({ month }) => month === null).length;
  const open = unknown > 0 ? `; ${unknown} of ${now.items.length} parts have no known price` : '';
  if (!before) return `Cost a month by list prices: ${sumText(now.month)}${open}.`;
  const parts = (one: Said) => one.items.map(({ system, what }) => `${system} ${what}`);
  const [former, present] = [parts(before), parts(now)];
  const lines = [
    ...former.filter((part) => !present.includes(part)).map((part) => `- gone: ${part}`),
    ...present.filter((part) => !former.includes(part)).map((part) => `- new: ${part}`),
  ];
  if (lines.length === 0) return `Cost a month by list prices: ${sumText(now.month)}, as before${open}.`;
  const heading = `Cost a month by list prices: ${sumText(before.month)} → ${sumText(now.month)}${open}.`;
  return `${heading}\n\n${lines.join('\n')}`;
}

const sumText = (month: Said['month']): string => sumsText(month) || 'not known';
