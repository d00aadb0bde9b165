import { instance } from '@viz-js/viz';
import { expect, test } from 'vitest';
import { clouds } from '../../../src/clouds/registry.ts';
import type { Blueprint, Role } from '../../../src/model/blueprint.ts';
import type { Environment } from '../../../src/model/environment.ts';
import { asService, type Job } from '../../../src/model/job.ts';
import type { Container } from '../../../src/model/service.ts';
import { ref, type Value } from '../../../src/model/value.ts';
import { dot } from '../../../src/render/diagram/dot.ts';
import { mermaid } from '../../../src/render/diagram/mermaid.ts';
import { drawing } from '../../../src/render/diagram.ts';
import { container, role as made } from './fixtures.ts';

const service = (name: string, env: Record<string, Value> = {}): Container => container({ name, env });
const role = (count: number, services: readonly Container[], extra: Partial<Role> = {}): Role =>
  made({ count, size: 't3.small', services, ...extra });
const rule = { protocol: 'tcp', why: 'for the test' } as const;

const seed: Job = {
  name: 'seed',
  when: { calendar: '*-*-* 03:00', zone: 'Europe/Paris' },
  steps: [asService(service('api', { BUCKET: ref('buckets.end.endpoint') }), { command: ['seed'] })],
  deadlineSeconds: 60,
  onceAcrossMachines: true,
};

const shop: Blueprint = {
  ...{ system: 'shop', version: '1.0.0', url: 'https://shop.example.org', probe: { path: '/' }, pins: {} },
  roles: {
    // "end" is a word of Mermaid's own
    end: role(3, [service('api')], { jobs: [seed, { ...seed, name: 'tidy', when: { asked: true } }] }),
    database: role(1, [service('mysql')], { volume: { sizeGb: 20 } }),
  },
  rules: [
    { ...rule, from: 'internet', to: 'end', port: 80 },
    { ...rule, from: 'internet', to: 'end', port: 443 },
    { ...rule, from: 'operators', to: 'end', port: 22 },
    { ...rule, from: { networks: ['203.0.113.0/28'], name: 'the "gateway" <a&b>' }, to: 'end', port: 80 },
    { ...rule, from: { role: 'end' }, to: 'database', port: 3306 },
    { ...rule, from: { role: 'end' }, to: 'sessions', port: 6379 },
    { ...rule, from: { role: 'end' }, to: 'database', port: 53, protocol: 'udp' },
  ],
  buckets: [{ name: 'end', apis: ['s3'] }],
  logStreams: [],
  caches: [{ name: 'sessions', inItsPlace: role(1, []) }],
  balancers: [],
  records: [],
};
const environment: Environment = {
  name: 'preprod',
  operators: { networks: ['198.51.100.0/24'], sshPublicKeys: [] },
  systems: { shop: { cloud: 'aws', region: 'eu-west-3', restartEdge: false, allowDestroy: false, options: {} } },
  ...{ network: '10.64.0.0/20', authority: 'letsencrypt-staging', clouds: {} },
};
const drawn = drawing(environment, [shop], clouds);

test('machines, networks and parts are boxes; who may reach whom are arrows, one for all ports', () => {
  expect(drawn.outside.map(({ title, lines }) => [title, ...lines])).toEqual([
    ['internet'],
    ['operators', '198.51.100.0/24'],
    ['the "gateway" <a&b>', '203.0.113.0/28'],
  ]);
  expect(drawn.systems.map(({ title }) => title)).toEqual(['shop 1.0.0 on aws, eu-west-3, network 10.64.0.0/20']);
  expect(drawn.systems[0]?.boxes.map(({ title, lines }) => [title, ...lines])).toEqual([
    ['shop-end-0 … 2, t3.small', 'api', 'job seed, *-*-* 03:00 Europe/Paris', 'job tidy, when asked'],
    ['shop-database-0, t3.small', 'mysql', 'data disk, 20 GB'],
    ['cache sessions'],
    ['bucket end'],
  ]);
  expect(drawn.arrows.map(({ from, to, label, kind }) => `${from} ${kind} ${to} ${label}`.trim())).toEqual([
    'outside-internet reaches shop-end 80, 443',
    'outside-operators reaches shop-end 22',
    'outside-the "gateway" <a&b> reaches shop-end 80',
    'shop-end reaches shop-database 3306, 53/udp',
    'shop-end reaches shop-sessions 6379',
    'shop-end uses shop-buckets.end',
  ]);
});

test('every arrow leads from a box to a box', () => {
  const ids = [...drawn.outside, ...drawn.systems.flatMap(({ boxes }) => boxes)].map(({ id }) => id);
  expect(new Set(ids).size).toBe(ids.length);
  for (const { from, to } of drawn.arrows) expect(ids).toEqual(expect.arrayContaining([from, to]));
});

test("Mermaid's text holds every box and arrow, with no sign that would end one", () => {
  const text = mermaid(drawn);
  expect(text).toMatchInlineSnapshot(`
    "flowchart LR
      _outside_internet(["internet"])
      _outside_operators(["operators<br/>198.51.100.0/24"])
      _outside_the____gateway______a__b__(["the #34;gateway#34; #60;a#38;b#62;<br/>203.0.113.0/28"])
      subgraph _shop["shop 1.0.0 on aws, eu-west-3, network 10.64.0.0/20"]
        _shop_end["<b>shop-end-0 … 2, t3.small</b><br/>api<br/>job seed, *-*-* 03:00 Europe/Paris<br/>job tidy, when asked"]
        _shop_database["<b>shop-database-0, t3.small</b><br/>mysql<br/>data disk, 20 GB"]
        _shop_sessions[("cache sessions")]
        _shop_buckets__end[("bucket end")]
      end
      _outside_internet -->|"80, 443"| _shop_end
      _outside_operators -->|"22"| _shop_end
      _outside_the____gateway______a__b__ -->|"80"| _shop_end
      _shop_end -->|"3306, 53/udp"| _shop_database
      _shop_end -->|"6379"| _shop_sessions
      _shop_end -.-> _shop_buckets__end
    "
  `);
  expect(text).not.toMatch(/\b(end|graph)\[/);
});

test('Graphviz draws it, and every name is in the picture', async () => {
  const svg = (await instance()).renderString(dot(drawn), { format: 'svg' }).replaceAll('&#45;', '-');
  for (const text of ['shop-end-0 … 2', 'mysql', 'cache sessions', '3306, 53/udp', '&lt;a&amp;b&gt;'])
    expect(svg).toContain(text);
});
