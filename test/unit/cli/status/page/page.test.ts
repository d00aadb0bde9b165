import { expect, test } from 'vitest';
import type { PageData } from '../../../../../src/cli/status/page/data.ts';
import { page } from '../../../../../src/cli/status/page/page.ts';
import { isOf, machine, machineOf, now, pageData, record, reportOf, series, shop, told } from './data.ts';

const stateOf = (text: string): string => /<section id="state"[\s\S]*?<\/section>/.exec(text)?.[0] ?? '';
const sectionOf = (text: string, id: string): string =>
  new RegExp(`<section id="${id}"[\\s\\S]*?</section>`).exec(text)?.[0] ?? '';
test('a stack that is well says so first, then what each part is', () => {
  const text = page(pageData());
  expect(stateOf(text)).toContain('All is well');
  expect(text).toContain('<title>prod: All is well</title>');
  expect(sectionOf(text, 'systems')).toMatch(/shop 1\.2\.0 [\s\S]*answers 200 in 41 ms/);
  expect(sectionOf(text, 'systems')).toContain('aria-label="shop.example.org answered: 87.');
  expect(sectionOf(text, 'machines')).toContain('shop-database-0 answered: 83.3 % over 12 h');
  expect(sectionOf(text, 'certificates')).toMatch(/grafana\.shop\.example\.org.*40 days.*shop\.example\.org.*69 days/);
  expect(sectionOf(text, 'backups')).toMatch(/1 h 0 min ago[\s\S]*204 MB/);
  expect(sectionOf(text, 'jobs')).toMatch(/migrate[\s\S]*well/);
  expect(sectionOf(text, 'releases')).toMatch(/Ada Lovelace, commit 0a1b2c3d[\s\S]*brought back by ada/);
  expect(sectionOf(text, 'releases')).toContain('shop-web-0, shop-database-0');
  expect(sectionOf(text, 'alerts')).toContain('nothing fires');
  expect(sectionOf(text, 'reach')).toMatch(/internet[\s\S]*443[\s\S]*visitors/);
});

test('what is down comes before what is to be looked at, each with a link to its section', () => {
  const down = shop({
    healthy: false,
    problems: ['it answers 503'],
    certificate: { issuer: 'x', validUntil: '2026-04-30T00:00:00.000Z', trusted: true },
  });
  const alerts = {
    heartbeat: true,
    firing: [isOf('DatabaseDown', 'critical'), isOf('EdgeSlow', 'warning'), isOf('Known', 'critical', true)],
  };
  const ends = { 'grafana.shop.example.org': series(now.getTime() / 1000 + 9.5 * 86_400) };
  const history = { ...told().history, certificateEnds: ends };
  const { jobs } = pageData();
  const failed = jobs.map((job) => ({ ...job, record: record({ result: 'ended with code 3' }) }));
  const text = page(
    pageData({ report: reportOf(['shop', down]), monitoring: { shop: { ...told(), alerts, history } }, jobs: failed }),
  );
  const items = [
    ...stateOf(text).matchAll(/<li><span class="mark (\w+)">.*?href="#(\w+)">(.*?)<\/a>: (.*?)<\/span><\/li>/g),
  ].map(([, ...parts]) => parts.join(' | '));
  expect(items).toEqual([
    'down | systems | shop | it answers 503',
    'down | alerts | shop-database-0 | DatabaseDown is what fires',
    'down | certificates | shop.example.org | its certificate has expired',
    'warning | alerts | shop-database-0 | EdgeSlow is what fires',
    'warning | certificates | grafana.shop.example.org | its certificate expires in 9 days',
    'warning | backups | shop-database-0 | job backup-mysql: ended with code 3',
    'warning | jobs | shop-web-0 | job migrate: ended with code 3',
  ]);
  expect(stateOf(text)).toContain('3 grave problems, 4 more things to look at');
  expect(sectionOf(text, 'alerts')).toContain('critical, silenced');
});

test('a backup that is old, or was never taken, is to be looked at', () => {
  const [job, ...others] = pageData().jobs;
  const hours = (count: number) => now.getTime() / 1000 - count * 3600;
  const at = (lastSuccess: number) =>
    page(pageData({ jobs: job ? [{ ...job, record: record({ lastSuccess }) }, ...others] : [] }));
  expect(stateOf(at(hours(8)))).toContain('the newest backup of mysql is 8 hours old');
  expect(stateOf(at(hours(6)))).toContain('All is well');
  const { record: _, ...never } = job ?? {};
  const text = page(pageData({ jobs: [{ ...(never as NonNullable<typeof job>), machine: '' }] }));
  expect(stateOf(text)).toContain('no backup of mysql has been taken yet');
  expect(sectionOf(text, 'backups')).toContain('not run yet');
});

test('a machine that is off by its schedule is shown with its hours, and is nothing to look at', () => {
  const off = 'off until mon 2026-05-04 09:00 (Europe/Paris)';
  const machines = { 'shop-web-0': { ...machine('web', '203.0.113.5'), ssh: 'closed' as const, off } };
  const text = page(pageData({ report: reportOf(['shop', shop({ machines })]), machines: [] }));
  expect(stateOf(text)).toContain('All is well');
  expect(sectionOf(text, 'machines')).toContain(off);
  expect(sectionOf(text, 'systems')).toContain('off by its schedule');
});

test('a machine that is not reached, whose login fails or which is not asked says which of them', () => {
  const machines = { ...shop().machines, 'shop-far-0': { ...machine('far', '203.0.113.7'), ssh: 'closed' as const } };
  const failed = {
    ...machineOf('shop-web-0'),
    pinged: {
      name: 'shop-web-0',
      version: '1.2.0',
      answer: { kind: 'failed' as const, why: 'its host key is not the pinned one' },
    },
  };
  const text = page(pageData({ report: reportOf(['shop', shop({ machines })]), machines: [failed] }));
  expect(stateOf(text)).toContain('login failed: its host key is not the pinned one');
  expect(stateOf(text)).toMatch(/shop-far-0<\/a>: its SSH does not answer this computer/);
  expect(sectionOf(text, 'machines')).toMatch(/shop-database-0[\s\S]*not asked[\s\S]*shop-far-0[\s\S]*not reached/);
  const closed = Object.fromEntries(
    Object.entries(machines).map(([name, one]) => [name, { ...one, ssh: 'closed' as const }]),
  );
  const outside = stateOf(page(pageData({ report: reportOf(['shop', shop({ machines: closed })]), machines: [] })));
  expect(outside.match(/SSH does not answer/g)).toHaveLength(1);
  expect(stateOf(page(pageData({ machines: [], notAsked: 'no deploy key' })))).toContain(
    'its machines were not asked: no deploy key',
  );
});

test('what is not known is said to be, and drawn as no data', () => {
  const empty = {
    answered: {},
    took: {},
    up: {},
    processors: {},
    memory: {},
    requests: {},
    errors: {},
    certificateEnds: {},
  };
  const sectionFor = (monitoring: PageData['monitoring']) => page(pageData({ monitoring }));
  expect(sectionFor({ shop: { kind: 'none' } })).toContain(
    'It has no Prometheus, so nothing is known of its last hours.',
  );
  expect(sectionFor({ shop: { kind: 'none' } })).toContain('<code>monitoring: true</code>');
  expect(stateOf(sectionFor({ shop: { kind: 'silent', why: 'it is off' } }))).toContain(
    'its monitoring was not asked: it is off',
  );
  const young = sectionFor({ shop: { ...told(), history: empty } });
  expect(sectionOf(young, 'machines').match(/no data yet/g)).toHaveLength(6);
  const mute = (alerts: ReturnType<typeof told>['alerts']) => stateOf(sectionFor({ shop: { ...told(), alerts } }));
  expect(mute(undefined)).toContain('its Alertmanager does not answer');
  expect(mute({ firing: [], heartbeat: false })).toContain('Alertmanager hears nothing of Prometheus');
  expect(page(pageData({ deployments: { why: 'no login' } }))).toContain(
    'The runs of the engine are not known: no login',
  );
});

test('a chart shows when nothing answered, when a part did, and when nothing is known, each by its height', () => {
  const text = page(pageData());
  // Two of twelve hours without an answer, after six
  expect(sectionOf(text, 'machines')).toContain('<path class="fail" d="M108 20v-20h36v20z"/>');
  const [, site = ''] = /aria-label="shop\.example\.org answered[^>]*>(.*?)<\/svg>/.exec(text) ?? [];
  expect([...site.matchAll(/class="(\w+)" d="M\d+ 20v-([\d.]+)/g)].map(([, ...parts]) => parts)).toEqual([
    ['ok', '14'],
    ['part', '17'],
    ['gap', '2'],
  ]);
});

test('a stack without machines, jobs and alerts is a whole page', () => {
  const bare = {
    jobs: [],
    machines: [],
    reach: [],
    deployments: [],
    monitoring: {},
    report: reportOf(['shop', shop({ machines: {}, records: [] })]),
  };
  const text = page(pageData(bare));
  for (const says of ['have no machines', 'takes backups', 'has jobs', 'All is well']) expect(text).toContain(says);
});
