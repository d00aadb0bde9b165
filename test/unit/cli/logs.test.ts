import { describe, expect, test } from 'vitest';
import { entryReader, entryText, inOrder } from '../../../src/cli/logs/entries.ts';
import { logsWords } from '../../../src/cli/logs/print.ts';
import { sinceOf } from '../../../src/cli/logs/since.ts';
import { sourcesOf } from '../../../src/cli/logs/sources.ts';
import { parsedSystems } from '../../../src/cli/outputs.ts';
import { blueprint, container, role, supervised } from '../render/fixtures.ts';
import { berthHere, deployedProject, offNow, outputsOf } from './berth.ts';

const entry = (time: string, text = 'text', machine = 'shop-web-0') => ({ time, machine, service: 'app', text });

describe('lines of several machines', () => {
  test('are in order of time, to the nanosecond, though docker leaves out zeros', () => {
    const times = ['2026-05-01T08:00:01Z', '2026-05-01T08:00:00.5Z', '2026-05-01T08:00:00.49999Z'];
    expect(inOrder(times.map((time) => entry(time))).map(({ time }) => time)).toEqual([...times].reverse());
  });

  test('of one moment stay in the order in which they came', () => {
    const same = ['one', 'two', 'three'].map((text) => entry('2026-05-01T08:00:00.1Z', text));
    expect(inOrder(same).map(({ text }) => text)).toEqual(['one', 'two', 'three']);
  });

  test('come in parts, also within a letter', () => {
    const read = entryReader('shop-web-0');
    const all = Buffer.from('2026-05-01T08:00:00Z\tapp\tdéjà\tvu\n2026-05-01T08:00:01Z\tapp\t\n');
    const middle = all.indexOf('é') + 1;
    expect(read(all.subarray(0, middle))).toEqual([]);
    expect(read(all.subarray(middle))).toEqual([
      entry('2026-05-01T08:00:00Z', 'déjà\tvu'),
      entry('2026-05-01T08:00:01Z', ''),
    ]);
  });

  test('are shown with time, machine and service, without colours and what a terminal would obey', () => {
    expect(entryText(entry('2026-05-01T08:00:00.5Z', '\u001b[31mred\u001b[0m\tand \u0007bell'))).toBe(
      '2026-05-01T08:00:00.500Z shop-web-0 app | red  and ?bell\n',
    );
  });
});

test('a time is a duration before now, or a moment', () => {
  const now = new Date('2026-05-01T08:00:00Z');
  expect(sinceOf('90s', now)).toEqual(new Date('2026-05-01T07:58:30Z'));
  expect(sinceOf('2h', now)).toEqual(new Date('2026-05-01T06:00:00Z'));
  expect(sinceOf('2026-04-30T10:00Z', now)).toEqual(new Date('2026-04-30T10:00:00Z'));
  for (const wrong of ['', '3x', '-1h', '1.5h', 'yesterday', '7', '2026-13-01'])
    expect(() => sinceOf(wrong, now), wrong).toThrow('30s, 15m, 2h, 1d, or a time');
});

const shop = blueprint({
  roles: {
    web: role({ count: 2, services: [container(), supervised({ name: 'page' })] }),
    cache: role({ services: [container({ name: 'redis' })], slot: 1, option: 'cache' }),
  },
});
const { machines, ...rest } = outputsOf('https://shop.localhost').systems.basegun;
const named = (name: string, of: string) => [`shop-${name}`, { ...machines['basegun-web-0'], role: of }];
const systems = parsedSystems(
  {
    systems: {
      shop: {
        ...rest,
        machines: Object.fromEntries([named('web-0', 'web'), named('web-1', 'web'), named('cache-0', 'cache')]),
      },
    },
  },
  'local',
);
const chosen = (wanted: { role?: string; service?: string; machine?: string }) =>
  Object.fromEntries(
    sourcesOf(systems, [shop], { system: 'shop', ...wanted }).map(({ name, services }) => [name, services]),
  );

test('every machine is asked for its services, or those of a role, a service or a machine alone', () => {
  const web = ['app', 'page'];
  expect(chosen({})).toEqual({ 'shop-web-0': web, 'shop-web-1': web, 'shop-cache-0': ['redis'] });
  expect(chosen({ role: 'web' })).toEqual({ 'shop-web-0': web, 'shop-web-1': web });
  expect(chosen({ service: 'page' })).toEqual({ 'shop-web-0': ['page'], 'shop-web-1': ['page'] });
  expect(chosen({ machine: 'web-1', service: 'app' })).toEqual({ 'shop-web-1': ['app'] });
});

test.each([
  [{ role: 'db' }, 'shop has no role "db": it has web, cache'],
  [{ service: 'nope' }, 'shop has no service nope: services are app, page (web); redis (cache)'],
  [{ role: 'cache', service: 'app' }, 'role cache has no service app: services are redis (cache)'],
  [{ machine: 'cache-0', service: 'app' }, 'shop-cache-0 has no service app'],
  [{ machine: 'db-0' }, 'there is no machine "db-0"'],
])('%j is refused with what there is', (wanted, told) => {
  expect(() => chosen(wanted)).toThrow(told);
});

test('the machine gets the bounds and the services as words, and one of an older berth is told to be deployed first', () => {
  const words = logsWords('shop', ['app', 'page'], { lines: 5, follow: true });
  expect(words).toMatch(/; exec sudo -n \/usr\/bin\/python3 -I \S+\/engine logs \S+\/current lines=5 follow app page$/);
  expect(words).toContain('its release was made by an older berth, without logs: deploy it once');
  const since = new Date('2026-05-01T08:00:00.250Z');
  expect(logsWords('shop', ['app'], { lines: 5, since })).toMatch(/ since=1777622400\.25 app$/);
});

test('a machine that is off is told and not counted; one that cannot be reached is told, and the exit code is 1', async () => {
  const outputs = outputsOf('https://basegun.localhost:8443');
  const one = outputs.systems.basegun.machines['basegun-web-0'];
  const asked = (more: object) => {
    const machines = { 'basegun-web-0': { ...one, ...more } };
    const { project, env } = deployedProject({ systems: { basegun: { ...outputs.systems.basegun, machines } } });
    return berthHere(['logs', 'local', 'basegun'], project, env);
  };
  const off = await asked({ schedule: offNow() });
  expect(off).toMatchObject({ code: 0, stdout: '', stderr: expect.stringMatching(/^basegun-web-0 is off until /) });
  const broken = await asked({ ssh: { ...one.ssh, address: '127.0.0.1', port: 1 } });
  expect(broken).toMatchObject({ code: 1, stdout: '', stderr: expect.stringMatching(/^basegun-web-0: ./) });
  const wrong = await berthHere(['logs', 'local', 'basegun', '--since', '3x']);
  expect(wrong).toMatchObject({ code: 2, stderr: expect.stringContaining('allowed: 30s, 15m, 2h, 1d') });
});
