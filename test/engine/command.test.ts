import { createHash } from 'node:crypto';
import { stat } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, test } from 'vitest';
import { connectionTo, type Declared, declare } from './commands.ts';
import { type EngineRun, messages, nameOf, operations, type Project, temporaryProject } from './engine.ts';
import { commandPlugin } from './plugins.ts';
import { type Sshd, sshdObstacle, startSshd } from './sshd.ts';

const obstacle = await sshdObstacle();
const title =
  obstacle === undefined
    ? 'a remote command on the real engine'
    : `a remote command on the real engine, skipped: ${obstacle}`;
const SECRET = 'correct-horse-battery-staple';
const strange = `${SECRET}\u0000é\u0001`.repeat(100_000);

describe.skipIf(obstacle !== undefined)(title, () => {
  let sshd: Sshd;
  let project: Project;
  let first: EngineRun;
  const declared: Record<string, Declared> = {};

  beforeAll(async () => {
    sshd = await startSshd();
    project = await temporaryProject(commandPlugin);
    const connection = connectionTo(sshd);
    Object.assign(declared, {
      plain: { create: 'echo out; echo err >&2', connection },
      ends: { create: "printf 'abc\\n\\n'; printf 'b\\r\\n' >&2", connection },
      lines: { create: "printf 'half'; sleep 0.3; printf ' a line\\n\\nnext\\r\\nlast'", connection },
      silent: { create: 'echo out; echo err >&2', logging: 'none', connection },
      stderrAlone: { create: 'echo out; echo err >&2', logging: 'stderr', connection },
      reads: { create: 'sha256sum', stdin: { secret: strange }, connection },
      leaks: { create: 'cat', stdin: { secret: 'only-stdin-is-secret' }, logging: 'none', connection },
      guarded: {
        create: 'cat',
        stdin: { secret: SECRET },
        logging: 'none',
        connection,
        options: { additionalSecretOutputs: ['stdout', 'stderr'] },
      },
      shell: { create: 'echo "$0"; tty; pwd; echo "stdin: $(wc -c)"', connection },
      background: { create: '(sleep 0.5; echo late) & echo now', connection },
      nothing: { connection },
      status: { create: 'echo "a\tb"; exit 3', connection },
      quiet: { create: 'exit 1', connection },
      killed: { create: 'kill -KILL $$', connection },
      terminated: { create: 'kill -TERM $$', connection },
      dropped: { create: 'kill -KILL $PPID; sleep 5', connection },
      long: { create: 'yes 123456789 | head -n 100000; exit 2', logging: 'none', connection },
      unread: { create: 'echo fine', stdin: 'x'.repeat(3_000_000), connection },
    } satisfies Record<string, Declared>);
    await declare(project, declared);
    first = await project.run('up', { args: ['--continue-on-error'] });
  });

  afterAll(async () => {
    await project?.remove();
    await sshd?.stop();
  });

  const outputs = async (name: string) =>
    (await project.resources()).find(({ urn }) => nameOf(urn) === name)?.outputs ?? {};
  const error = (name: string) => messages(first, name).find(({ severity }) => severity === 'error')?.message ?? '';
  const shown = (name: string) => messages(first, name).filter(({ severity }) => severity === 'info');

  test('gives what it printed, without one newline at the end', async () => {
    expect(await outputs('plain')).toMatchObject({ stdout: 'out', stderr: 'err' });
    expect(await outputs('ends')).toMatchObject({ stdout: 'abc\n', stderr: 'b\r' });
    expect(await outputs('nothing')).toMatchObject({ stdout: '', stderr: '' });
  });

  test('is named after its resource', async () => {
    const plain = (await project.resources()).find(({ urn }) => nameOf(urn) === 'plain');
    expect(plain?.id).toMatch(/^plain[0-9a-f]{8}$/);
  });

  test('shows whole lines in order while it runs and forgets them', () => {
    expect(shown('lines').map(({ message }) => message.trimEnd())).toEqual(['half a line', '', 'next', 'last']);
    expect(shown('lines').every(({ ephemeral }) => ephemeral)).toBe(true);
  });

  test('shows the streams that logging names', () => {
    expect(
      shown('plain')
        .map(({ message }) => message.trim())
        .sort(),
    ).toEqual(['err', 'out']);
    expect(shown('silent')).toEqual([]);
    expect(shown('stderrAlone').map(({ message }) => message.trim())).toEqual(['err']);
  });

  test('takes its stdin byte by byte, or none at all', async () => {
    expect((await outputs('reads')).stdout).toBe(`${createHash('sha256').update(strange).digest('hex')}  -`);
    expect((await outputs('shell')).stdout).toMatch(/stdin: 0$/);
  });

  test('runs in the login shell, at home, without a terminal', async () => {
    const [shell, tty, home] = String((await outputs('shell')).stdout).split('\n');
    expect([shell, tty, home]).toEqual([expect.stringMatching(/sh$/), 'not a tty', process.env.HOME]);
  });

  test('lasts as long as a child that holds its output', async () => {
    expect(await outputs('background')).toMatchObject({ stdout: 'now\nlate' });
  });

  test('keeps a secret stdin encrypted, but what the command prints is plain unless declared secret', async () => {
    const state = await project.stateText();
    expect(state).not.toContain(SECRET);
    expect(state).not.toContain(sshd.privateKey.split('\n')[2]);
    expect(await outputs('leaks')).toMatchObject({ stdout: 'only-stdin-is-secret' });
    expect(await outputs('guarded')).toMatchObject({ stdout: { ciphertext: expect.any(String) } });
  });

  test('leaves no property in an automatic log of the engine', async () => {
    expect((await stat(join(project.folder, 'home', 'logs'))).isFile()).toBe(true);
  });

  test('a failure tells the status, the whole command and the whole output', () => {
    expect(error('status')).toBe('Process exited with status 3: running "echo \\"a\\tb\\"; exit 3":\na\tb\n\n');
    expect(error('quiet')).toBe('Process exited with status 1: running "exit 1":\n\n');
    expect(error('long').match(/^123456789$/gm)).toHaveLength(100_000);
  });

  test('a failure tells the signal, or that the session was lost', () => {
    expect(error('killed')).toBe('Process exited with status 137 from signal KILL: running "kill -KILL $$":\n\n');
    expect(error('terminated')).toMatch(/^Process exited with status 143 from signal TERM: running/);
    expect(error('dropped')).toMatch(
      /^wait: remote command exited without exit status or exit signal: running "kill -KILL \$PPID; sleep 5":/,
    );
  });

  test('a stdin that is not read to the end is a failure, although the command succeeds', () => {
    expect(error('unread')).toBe('EOF: running "echo fine":\nfine\n\n');
  });

  test('a command that failed leaves nothing in the state', async () => {
    const names = (await project.resources()).map(({ urn }) => nameOf(urn));
    expect(first.code).not.toBe(0);
    for (const name of ['status', 'quiet', 'killed', 'dropped', 'unread']) expect(names).not.toContain(name);
  });

  describe('then', () => {
    const works = ['plain', 'silent', 'guarded', 'leaks'];
    const declareThose = (changes: Record<string, Declared>) =>
      declare(project, Object.fromEntries(works.map((name) => [name, { ...declared[name], ...changes[name] }])));

    test('an unchanged command is not run again, nor by a refresh: no connection is made', async () => {
      await declareThose({});
      expect((await project.run('up')).code).toBe(0);
      const before = await sshd.connections();
      const same = await project.run('up');
      const refreshed = await project.run('refresh');
      expect(operations(same)).toMatchObject({ plain: 'same', guarded: 'same' });
      expect(refreshed.code, refreshed.output).toBe(0);
      expect(refreshed.output).toMatch(/unchanged/);
      expect(await sshd.connections()).toBe(before);
    });

    test('any change updates: secretness, logging, a dial limit; a failed update keeps the old inputs', async () => {
      await declareThose({
        plain: { create: { secret: 'echo out; echo err >&2' } },
        silent: { logging: 'stdout' },
        guarded: { create: 'exit 7' },
        leaks: { connection: connectionTo(sshd, { dialErrorLimit: 1 }) },
      });
      const before = await sshd.connections();
      const run = await project.run('up', { args: ['--continue-on-error'] });
      expect(operations(run)).toMatchObject({ plain: 'update', silent: 'update', guarded: 'update', leaks: 'update' });
      expect(await sshd.connections()).toBe(before + 4);
      expect(run.code).not.toBe(0);
      expect(await outputs('guarded')).toMatchObject({ create: 'cat' });
      const diffs = run.events.flatMap(({ resourcePreEvent: event }) =>
        event ? [[nameOf(event.metadata.urn), Object.keys(event.metadata.detailedDiff ?? {})]] : [],
      );
      expect(Object.fromEntries(diffs)).toMatchObject({
        plain: ['create'],
        silent: ['logging'],
        leaks: ['connection'],
      });
    });

    test('a destroy connects to nothing', async () => {
      const before = await sshd.connections();
      const run = await project.run('destroy');
      expect(run.code, run.output).toBe(0);
      expect(await sshd.connections()).toBe(before);
    });
  });
});
