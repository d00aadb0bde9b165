import { expect, test } from 'vitest';
import { datesIn, listed } from '../../../../src/cli/secrets/listed.ts';
import { linesByPath } from '../../../../src/config/yaml.ts';

const file = `config:
  berth:secrets:
    shop/password:
      secure: v1:one
    shop/left:
      secure: v1:two
`;

test('secrets are listed with what they are for and since when, those without a value and those that nothing reads too', () => {
  const needed = new Map([
    ['shop/password', 'of its database'],
    ['shop/token', 'of its logs'],
  ]);
  const known = {
    needed,
    prepared: false,
    present: ['shop/password', 'shop/left'],
    lines: linesByPath(file),
    changed: (line: number) => (line === 4 ? '2026-01-31' : undefined),
  };
  expect(listed(known)).toBe(`SECRET         CHANGED     WHAT FOR
shop/password  2026-01-31  of its database
shop/token     MISSING     of its logs
shop/left      unknown     nothing reads it
`);
  expect(listed({ ...known, prepared: true })).toMatch(/^shop\/token +by berth local +of its logs$/m);
});

test("git's blame says when each line changed, also where a commit is named again, and what is not committed", () => {
  const [one, two] = ['1'.repeat(40), '2'.repeat(40)];
  const blame = [
    ...[`${one} 1 1 2`, 'author A', 'author-time 1767225600', 'filename f', '\tconfig:', `${one} 2 2`, '\t  x:'],
    ...[`${'0'.repeat(40)} 3 3 1`, 'author Not Committed Yet', 'author-time 1800000000', '\t  y:'],
    ...[`${two} 4 4 1`, 'author-time 1769817600', '\tauthor-time 1'],
  ].join('\n');
  expect([...datesIn(blame)]).toEqual([
    [1, '2026-01-01'],
    [2, '2026-01-01'],
    [3, 'not committed'],
    [4, '2026-01-31'],
  ]);
});
