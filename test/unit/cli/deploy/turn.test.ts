import { describe, expect, test } from 'vitest';
import { lockHolder } from '../../../../src/cli/deploy/lock.ts';
import { type Locked, turnOf } from '../../../../src/cli/deploy/turn.ts';

describe('who holds the lock', () => {
  const since = '2026-11-28T20:14:05Z';
  const said =
    'error: the stack is currently locked by 1 lock(s). Either wait for the other process(es) to end or delete the ' +
    `lock file with \`pulumi cancel\`.\n  file:///srv/.pulumi/locks/a.json: created by ada@runner (pid 12) at ${since}`;

  test.each<[string, string, string | undefined]>([
    ['is named', said, `ada@runner, process 12, since ${since}`],
    [
      'is named in colours',
      said.replace('error:', '\u001b[38;5;1merror:\u001b[0m'),
      `ada@runner, process 12, since ${since}`,
    ],
    [
      'are two',
      `${said}\n  file:///b.json: created by bob@laptop (pid 7) at ${since}`,
      `ada@runner, process 12, since ${since}; bob@laptop, process 7, since ${since}`,
    ],
    ['is not named', 'error: the stack is currently locked', 'an unknown process'],
    ['is nobody', 'error: the program failed', undefined],
  ])('%s', (_, text, expected) => expect(lockHolder(text)).toBe(expected));
});

/** A stack that is locked for so many attempts, of 2 s each, with pauses of 8 s */
function world(seconds: number, lockedFor: number) {
  const said: string[] = [];
  let time = 0;
  let attempts = 0;
  const turn = turnOf({
    ...{ stack: 'prod', seconds, now: () => time },
    say: (line) => said.push(`${time} s: ${line}`),
    sleep: async () => {
      time += 8;
    },
  });
  const attempt = async (): Promise<'done' | Locked> => {
    time += 2;
    attempts += 1;
    return attempts > lockedFor ? 'done' : { locked: 'ada@runner' };
  };
  return { said, time: () => time, turn: () => turn(attempt), lock: (more: number) => (lockedFor = attempts + more) };
}

describe('a deployment waits for its turn', () => {
  test('not at all where the stack is free', async () => {
    const { said, turn } = world(1800, 0);
    expect(await turn()).toBe('done');
    expect(said).toEqual([]);
  });

  test('and says at once for whom, and then once a minute', async () => {
    const { said, turn } = world(1800, 13);
    expect(await turn()).toBe('done');
    expect(said).toEqual([
      '2 s: stack prod is locked by ada@runner: waiting for it to end, 0 of 30 min',
      '62 s: stack prod is locked by ada@runner: waiting for it to end, 1 of 30 min',
      '122 s: stack prod is locked by ada@runner: waiting for it to end, 2 of 30 min',
    ]);
  });

  test('no longer than it may, and then says for whom it did', async () => {
    const { said, turn, time } = world(120, 1000);
    expect(await turn()).toEqual({ locked: 'ada@runner' });
    expect(said.at(-1)).toMatch(
      /^122 s: stack prod is still locked by ada@runner: waited 2 of 2 min\..* pulumi cancel prod /,
    );
    expect(time()).toBe(122);
  });

  test('for that time in all, however many deployments come before it', async () => {
    const { turn, lock, time } = world(120, 6);
    expect(await turn()).toBe('done');
    lock(1000);
    expect(await turn()).toEqual({ locked: 'ada@runner' });
    expect(time()).toBeLessThan(140);
  });
});
