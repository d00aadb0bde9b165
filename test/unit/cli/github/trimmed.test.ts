import fc from 'fast-check';
import { expect, test } from 'vitest';
import { code, fold, inlineCode } from '../../../../src/cli/github/markdown.ts';
import { trimmed } from '../../../../src/cli/github/trimmed.ts';

const line = fc.constantFrom(
  '+ a',
  '- b',
  '```',
  '````',
  '<details>',
  '</details>',
  '',
  '€'.repeat(40),
  'x'.repeat(700),
);
const text = fc.array(line, { maxLength: 60 }).map((lines) => lines.join('\n'));
const document = fc
  .array(text, { maxLength: 4 })
  .map((texts) => `# heading\n\n${texts.map((one) => fold('the diff', code(one, 'diff'))).join('\n\n')}\n`);

test('whatever is cut is short enough, and leaves neither code nor a fold open', () => {
  fc.assert(
    fc.property(document, fc.integer({ min: 1000, max: 6000 }), (markdown, limit) => {
      const result = trimmed(markdown, limit);
      expect(result.length).toBeLessThanOrEqual(limit);
      expect(opened(result)).toEqual({ fence: '', folds: 0 });
      if (markdown.length <= limit) expect(result).toBe(markdown);
      else expect(result).toMatch(/\n\*\*Trimmed\*\*: [\d,]+ characters .*\n$/);
    }),
  );
});

test('no more is cut than has to be', () => {
  const long = fold('the diff', code('+ a line of the diff\n'.repeat(10_000), 'diff'));
  expect(trimmed(long, 65_536).length).toBeGreaterThan(65_400);
});

test('a character is not cut in two', () => {
  expect(trimmed('🚢'.repeat(2000), 1000)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
  expect(trimmed(`.${'🚢'.repeat(2000)}`, 1000)).not.toMatch(/[\uD800-\uDBFF](?![\uDC00-\uDFFF])/);
});

test('code ends where it ends, whatever is in it', () => {
  expect(code('a\n````\nb', 'diff')).toBe('`````diff\na\n````\nb\n`````');
  expect(inlineCode('a`b<c')).toBe('<code>a&#96;b&lt;c</code>');
});

/** By the rules of CommonMark: a fence is closed by one that is no shorter, with nothing behind it */
function opened(markdown: string): { fence: string; folds: number } {
  let fence = '';
  let folds = 0;
  for (const one of markdown.split('\n')) {
    const [, ticks = '', rest = ''] = /^(`{3,})(.*)$/.exec(one) ?? [];
    if (fence === '') {
      if (ticks) fence = ticks;
      else folds += Number(one === '<details>') - Number(one === '</details>');
    } else if (ticks.length >= fence.length && rest.trim() === '') fence = '';
  }
  return { fence, folds };
}
