import { expect, test } from 'vitest';
import { chosenSystems, refuseUnknown } from '../../../../src/cli/local/chosen.ts';

const declared = ['basegun', 'lostops', 'mad'];

test.each<[said: string, direction: 'up' | 'down', named: string[], standing: string[], chosen: string[]]>([
  ['all of the file', 'up', [], [], declared],
  ['one alone', 'up', ['mad'], [], ['mad']],
  ['one beside those that are up', 'up', ['mad'], ['basegun'], ['basegun', 'mad']],
  ['nothing', 'down', [], declared, []],
  ['all but the named ones', 'down', ['mad'], ['basegun', 'mad'], ['basegun']],
  ['nothing, where no other is up', 'down', ['mad'], ['mad'], []],
  ['what is up, where the named one is not', 'down', ['mad'], ['basegun'], ['basegun']],
])('berth local brings the stack to %s', (_said, direction, named, standing, chosen) => {
  expect(chosenSystems({ declared, standing, named, direction })).toEqual(chosen);
});

test('a system that nobody knows is refused with those that there are', () => {
  const available = [...declared, 'former', 'basegun'];
  expect(() => refuseUnknown(['former', 'mda'], available)).toThrow(
    'the stack local has no system "mda": it has basegun, former, lostops, mad',
  );
  expect(() => refuseUnknown(['former'], available)).not.toThrow();
});
