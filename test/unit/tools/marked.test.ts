import { expect, test } from 'vitest';
import { withMarked } from '../../../tools/lib/marked.ts';

test('what a run found replaces what the last one found, and nothing else of the page', () => {
  const page = 'before\n<!-- it -->\nold\n<!-- /it -->\nafter\n';
  const once = withMarked(page, 'it', 'new\n');
  expect(once).toBe('before\n<!-- it -->\nnew\n<!-- /it -->\nafter\n');
  expect(withMarked(once, 'it', 'new')).toBe(once);
  expect(() => withMarked(page, 'other', 'new')).toThrow('<!-- other -->');
});
