import { expect, test } from 'vitest';
import { audits } from '../../../tools/lib/audits.ts';

test('every lock file and every Go module is looked at in its folder, and nothing else', () => {
  const files = ['package-lock.json', 'package.json', 'tools/linters/go.mod', 'tools/linters/go.sum', 'src/lock.ts'];
  expect(audits(files)).toEqual([
    { file: 'package-lock.json', by: 'npm', words: ['audit', '--package-lock-only', '--audit-level=high'] },
    { file: 'tools/linters/go.mod', by: 'go', words: ['-scan=module'] },
  ]);
});
