/** Most hosts that one pattern may name */
const most = 1000;

/**
 * Returns the hosts of a pattern: `web[01:03]` is web01, web02 and web03; `db-[a:c]` has letters, `[1:9:2]` steps
 * @returns undefined where a range is none, or names more than a thousand hosts
 */
export function expanded(pattern: string): readonly string[] | undefined {
  const [, before = '', range, after = ''] = /^([^[\]]*)\[([^[\]]*)\](.*)$/.exec(pattern) ?? [];
  if (range === undefined) return /[[\]]/.test(pattern) ? undefined : [pattern];
  const names = stepsOf(range);
  const rest = expanded(after);
  if (!names || !rest || names.length * rest.length > most) return undefined;
  return names.flatMap((name) => rest.map((end) => `${before}${name}${end}`));
}

function stepsOf(range: string): readonly string[] | undefined {
  const [, start = '', end = '', step = '1'] = /^(\d*|[a-zA-Z]):(\d+|[a-zA-Z])(?::(\d+))?$/.exec(range) ?? [];
  if (end === '' || Number(step) < 1) return undefined;
  const isNumber = /^\d+$/.test(end);
  if (isNumber !== /^\d*$/.test(start)) return undefined;
  const code = (text: string): number => (isNumber ? Number(text) : (text.codePointAt(0) ?? 0));
  const [from, to] = [code(start || '0'), code(end)];
  if (to < from || to - from > most) return undefined;
  const count = Math.floor((to - from) / Number(step)) + 1;
  const width = start.startsWith('0') ? start.length : 0;
  return Array.from({ length: count }, (_, index) => {
    const at = from + index * Number(step);
    return isNumber ? `${at}`.padStart(width, '0') : String.fromCodePoint(at);
  });
}
