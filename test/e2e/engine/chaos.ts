import { expect, test } from 'vitest';
import { stopScript } from '../../../src/cli/chaos/scripts.ts';
import { berthOn, berthStarted } from '../berth.ts';
import { eventually } from '../client.ts';
import { drift } from '../drift.ts';
import { inMachine, type TestStack } from '../stack.ts';

interface Scene {
  stack: TestStack;
  /** Every container with its number, state and start */
  containers(): Promise<string>;
  /** The status with which the site answers now */
  status(): Promise<number>;
}

/** What `berth chaos` stops is started again, whatever happens to the command, and what users saw is told */
export function chaos(scene: () => Scene): void {
  const words = (...more: string[]) => ['chaos', scene().stack.place.stack, 'basegun', ...more];
  const stop = (time: string) => words('--service', 'backend', '--for', time);
  const running = () => inMachine(scene().stack, 'docker ps --quiet --filter label=berth.service=backend');
  const timers = () => inMachine(scene().stack, 'systemctl list-units --all --plain --no-legend "berth-chaos*"');
  const stopped = async () => expect(await eventually(120, running, (found) => found === '')).toBe('');
  /** The service runs, and users are served again: a drill stops nothing where they are not */
  const back = async () => {
    expect(await eventually(120, running, (found) => found !== '')).not.toBe('');
    expect(await eventually(60, scene().status, (status) => status === 200)).toBe(200);
  };
  const policies = "docker ps --quiet | xargs docker inspect --format '{{.HostConfig.RestartPolicy.Name}}' | sort -u";
  const withoutStarts = async () => (await scene().containers()).replaceAll(/ \S+Z$/gm, '');

  test('a service is stopped for its time, users miss it, and the same container is started again', async () => {
    const before = await withoutStarts();
    const { code, stdout, stderr } = await berthOn(scene().stack, stop('5s'));
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: expect.stringMatching(
        /^stopping backend on basegun-web-0 for 5 s; .*\nbackend runs again on basegun-web-0\n\d+ requests to https:.*\/api\/version, one every 0\.5 s: \d+ failed, for [\d.]+ s from .*\n {2}\d+ × /,
      ),
    });
    expect(Number(/: (\d+) failed/.exec(stdout)?.[1])).toBeGreaterThan(4);
    expect(await withoutStarts()).toBe(before);
    expect(await inMachine(scene().stack, policies)).toBe('unless-stopped\n');
    expect(await timers()).toBe('');
    expect(await drift(scene().stack)).toEqual([]);
  });

  test('where its time is over before it is stopped, it runs again all the same', async () => {
    await inMachine(scene().stack, stopScript('basegun', 'backend', 0));
    await back();
    expect(await inMachine(scene().stack, policies)).toBe('unless-stopped\n');
    expect(await eventually(60, timers, (found) => found === '')).toBe('');
  });

  test('an interrupt starts it at once', async () => {
    const { child, ended } = await berthStarted(scene().stack, stop('10m'));
    await stopped();
    child.kill('SIGINT');
    const { code, output } = await ended;
    expect({ code, output }).toMatchObject({
      code: 0,
      output: expect.stringMatching(
        /interrupted: starting backend now\nbackend runs again on .*\n\d+ requests .* failed/,
      ),
    });
    await back();
    expect(await timers()).toBe('');
  });

  test('killed in the middle, the machine starts it by itself; until then a second drill stops nothing', async () => {
    // Longer than a busy computer takes to begin the second one
    const { child, ended } = await berthStarted(scene().stack, stop('60s'));
    await stopped();
    child.kill('SIGKILL');
    await ended;
    const second = await berthOn(scene().stack, words('--machine', 'web'));
    // The site is down, which is a reason by itself; the machine has another
    expect(second).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining('nothing was stopped') });
    await back();
    expect(await eventually(60, timers, (found) => found === '')).toBe('');
  });

  test('two drills at once: one is carried out, the other is told so and ends nothing of the first', async () => {
    const both = await Promise.all([
      berthOn(scene().stack, stop('6s')),
      berthOn(scene().stack, words('--service', 'frontend', '--for', '6s')),
    ]);
    const codes = both.map(({ code }) => code).sort();
    expect(codes, JSON.stringify(both)).toEqual([0, 1]);
    expect(both.find(({ code }) => code === 1)?.stderr).toMatch(
      /nothing was stopped|was already loaded|already exists/,
    );
    expect(both.find(({ code }) => code === 0)?.stdout).toMatch(/\d+ failed/);
    await back();
  });

  test('without SSH at its end it says who starts the service, and the machine does', async () => {
    // SSH must be gone before the time is over, which begins before the service is stopped
    const { ended } = await berthStarted(scene().stack, stop('45s'));
    await stopped();
    await inMachine(scene().stack, 'systemctl stop ssh.socket ssh.service');
    try {
      expect(await ended).toMatchObject({
        code: 1,
        output: expect.stringMatching(/can't be asked whether backend runs again .*starts backend again by itself at/),
      });
      await back();
    } finally {
      await inMachine(scene().stack, 'systemctl start ssh.service');
    }
  });

  test('a machine is restarted, and the command ends when it lets in and the site is back', async () => {
    const since = () => inMachine(scene().stack, 'systemctl show --property UserspaceTimestamp --value');
    const before = await since();
    const { code, stdout, stderr } = await berthOn(scene().stack, words('--machine', 'web'));
    expect({ code, stdout }, stderr).toEqual({
      code: 0,
      stdout: expect.stringMatching(/basegun-web-0 lets in again after \d+ s\n\d+ requests .* failed, for /),
    });
    expect(await since()).not.toBe(before);
  });
}
