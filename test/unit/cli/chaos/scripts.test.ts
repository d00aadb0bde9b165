import { existsSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { restartScript, runsScript, startNowScript, stopScript } from '../../../../src/cli/chaos/scripts.ts';
import { captured } from '../../../../src/process/captured.ts';
import { put, temporaryFolder } from '../berth.ts';

/** A machine of programs that note what they are told */
interface Machine {
  /** What `docker ps` prints: ids, with "True" after those of one-off containers */
  containers?: string;
  programs?: string;
  active?: string;
  /** A word of a command that fails */
  fails?: string;
  /** A unit that is active until somebody has waited */
  ends?: string;
  /** Whether the timer's time is over as soon as it is set */
  over?: boolean;
}

async function ran(
  script: string,
  { containers = '', programs = '', active = '@none', fails = '@none', ends = '@none', over = false }: Machine,
) {
  const folder = temporaryFolder();
  const noted = (name: string, rest: string) =>
    `#!/bin/bash\necho "${name} $*" >>'${folder}/calls'\n[[ "${name} $*" != *${fails}* ]] || exit 1\n${rest}`;
  put(folder, 'bin/docker', noted('docker', `[[ $1 != ps ]] || printf '${containers}'\n`), 0o755);
  put(folder, 'bin/supervisorctl', noted('supervisorctl', `[[ $1 != status ]] || printf '${programs}'\n`), 0o755);
  put(
    folder,
    'bin/systemctl',
    noted(
      'systemctl',
      `[[ $1 != is-active ]] || [[ "$*" == *${active}* || ( "$*" == *shop.timer && -e ${folder}/timer && ${over} == false ) || ( "$*" == *${ends}* && ! -e ${folder}/waited ) ]]\n`,
    ),
    0o755,
  );
  put(
    folder,
    'bin/systemd-run',
    noted('systemd-run', `[[ "$*" != *--on-active* ]] || printf '%s\\0' "$@" >'${folder}/timer'\n`),
    0o755,
  );
  put(folder, 'bin/sleep', noted('sleep', `touch ${folder}/waited\n`), 0o755);
  const env = { ...process.env, PATH: `${folder}/bin:/usr/bin:/bin` };
  const { code, stderr } = await captured('bash', ['-s'], { cwd: folder, env, input: script });
  const read = (name: string) => (existsSync(join(folder, name)) ? readFileSync(join(folder, name), 'utf8') : '');
  const calls = read('calls').split(/\n(?=docker |supervisorctl |systemctl |systemd-run |sleep )/);
  return { code, stderr, calls, timer: read('timer').split('\0').slice(0, -1) };
}

const index = (calls: readonly string[], part: string) => calls.findIndex((call) => call.includes(part));
const stop = stopScript('shop', 'api', 20);

test('the timer that starts a service again is there before anything of it is stopped', async () => {
  const { code, calls, timer } = await ran(stop, { containers: 'aaa \\nbbb True\\n' });
  expect(code).toBe(0);
  expect(timer).toEqual(
    expect.arrayContaining(['--unit=berth-chaos-shop', '--on-active=20s', '--property=Restart=on-failure']),
  );
  // A command beside the service is none of it
  expect(timer.at(-1)).toBe('container:aaa');
  const order = ['--on-active=20s', 'update --restart always aaa', 'docker stop aaa'].map((part) => index(calls, part));
  expect(order).toEqual([...order].sort((a, b) => a - b));
  expect(order).not.toContain(-1);
});

test('of a process the live colours are stopped, and no process whose name is longer', async () => {
  const programs = 'shop-api-blue RUNNING pid 1\\nshop-api-green STOPPED\\nshop-api-two-blue RUNNING pid 2\\n';
  const { code, calls, timer } = await ran(stop, { programs });
  expect(code).toBe(0);
  expect(timer.at(-1)).toBe('program:shop-api-blue');
  expect(index(calls, 'supervisorctl stop shop-api-blue')).toBeGreaterThan(-1);
});

test('what is stopped only after its time is over is started at once, and nothing else is', async () => {
  const { code, calls } = await ran(stop, { containers: 'aaa', over: true });
  expect(code).toBe(0);
  expect(calls.slice(-2)).toEqual(['docker update --restart unless-stopped aaa', 'docker start aaa\n']);
  const inTime = await ran(stop, { containers: 'aaa' });
  expect(inTime.calls.filter((call) => call.startsWith('docker start'))).toEqual([]);
});

test.each([
  ['a service that does not run', {}, 'api does not run on the machine: nothing was stopped'],
  ['a release under way', { containers: 'aaa', active: 'berth-converge' }, 'a release is under way'],
  ['another drill', { containers: 'aaa', active: 'berth-chaos-shop.timer' }, 'another drill is under way'],
  ['a timer that can not be set', { containers: 'aaa', fails: '--on-active' }, ''],
])('%s stops nothing', async (_, machine, why) => {
  const { code, stderr, calls } = await ran(stop, machine);
  expect(code).not.toBe(0);
  expect(stderr).toContain(why);
  expect(calls.filter((call) => / stop /.test(call))).toEqual([]);
});

test('a stop that fails half way is taken back at once', async () => {
  const { code, calls } = await ran(stop, { containers: 'aaa', fails: '--wait' });
  expect(code).not.toBe(0);
  expect(calls.slice(-2)).toEqual([
    'systemctl start berth-chaos-shop.service',
    'systemctl stop berth-chaos-shop.timer\n',
  ]);
});

/** Runs what the timer starts */
async function started(machine: Machine) {
  const { timer } = await ran(stop, { containers: 'aaa\\n' });
  const [, text = '', ...words] = timer.slice(timer.indexOf('/bin/bash') + 1);
  expect(words).toEqual(['start', 'container:aaa']);
  return ran(`set -- container:aaa\n${text}`, machine);
}

test('what the timer starts is the container, which docker starts by itself no longer than before', async () => {
  const { code, calls } = await started({});
  expect(code).toBe(0);
  expect(calls.slice(-2)).toEqual(['docker update --restart unless-stopped aaa', 'docker start aaa\n']);
});

test('a docker that does not answer, or does not start it, fails the unit, which systemd then starts anew', async () => {
  for (const fails of ['info', 'start']) expect((await started({ fails })).code, fails).toBe(1);
});

test('a stop that takes longer than the time is waited for, since it would stop what is started before its end', async () => {
  const { code, calls } = await started({ ends: 'berth-chaos-shop-stop' });
  expect(code).toBe(0);
  expect(index(calls, 'sleep')).toBeGreaterThan(-1);
  expect(index(calls, 'sleep')).toBeLessThan(index(calls, 'docker start'));
});

test('a container that a release has removed is not asked for again', async () => {
  const { code, calls } = await started({ fails: 'inspect' });
  expect(code).toBe(0);
  expect(index(calls, 'docker start')).toBe(-1);
});

test('an interrupt starts it by the unit of the timer, and does nothing where the time is over', async () => {
  const { calls } = await ran(startNowScript('shop'), { active: 'berth-chaos-shop.timer' });
  expect(calls.slice(1)).toEqual([
    'systemctl start berth-chaos-shop.service',
    'systemctl stop berth-chaos-shop.timer\n',
  ]);
  expect((await ran(startNowScript('shop'), {})).calls).toHaveLength(1);
});

test('a service runs again only once its unit is done and it is seen to run', async () => {
  expect(await ran(runsScript('shop', 'api'), { containers: 'aaa\\n' })).toMatchObject({ code: 0 });
  for (const machine of [{}, { containers: 'aaa\\n', active: 'berth-chaos-shop' }])
    expect(await ran(runsScript('shop', 'api'), machine)).toMatchObject({
      code: 1,
      stderr: 'api does not run, 60 s after its time\n',
    });
});

test('a machine is restarted by itself, and not beside a release', async () => {
  const { code, calls } = await ran(restartScript('shop'), {});
  expect({ code, last: calls.at(-1) }).toMatchObject({
    code: 0,
    last: expect.stringMatching(/--on-active=1s systemctl reboot/),
  });
  const beside = await ran(restartScript('shop'), { active: 'berth-converge' });
  expect(beside).toMatchObject({ code: 1, stderr: expect.stringContaining('a release is under way') });
  expect(index(beside.calls, 'reboot')).toBe(-1);
});
