import { expect, test } from 'vitest';
import { diagramSvg } from '../../../../../src/cli/diagramSvg.ts';
import { readOffline } from '../../../../../src/cli/environment.ts';
import { page } from '../../../../../src/cli/status/page/page.ts';
import { isOf, machine, pageData, reportOf, shop, told } from './data.ts';

const evil = `<script>alert("x")</script><img src=x onerror='y'>&"'`;

/**
 * The same data with more text in each, names among them; left as they are: what is empty, and words by which the page
 * decides
 */
function hostile<T>(value: T, key = ''): T {
  const decides = [
    'kind',
    'diagram',
    'url',
    'at',
    'since',
    'validUntil',
    'ssh',
    'result',
    'severity',
    'does',
    'protocol',
    'way',
  ];
  if (typeof value === 'string') return (value === '' || decides.includes(key) ? value : more(value)) as T;
  if (Array.isArray(value)) return value.map((one) => hostile(one)) as T;
  if (typeof value !== 'object' || value === null || value instanceof Date) return value;
  const isName = (name: string): boolean => /[-.]|^(shop|other)$/.test(name);
  const entries = Object.entries(value).map(([name, one]) => [isName(name) ? more(name) : name, hostile(one, name)]);
  return Object.fromEntries(entries) as T;
}

const more = (text: string): string => `${text}${evil}\u202e\u0000`;
const tagsOf = (text: string): readonly string[] => [...text.matchAll(/<\/?[a-z][^>]*>/g)].map(([tag]) => tag);
/** Names of elements and of their attributes */
const shapeOf = (text: string): readonly string[] => tagsOf(text).map((tag) => tag.replace(/="[^"]*"/g, ''));

test('no text of a machine, a site, a commit or a file becomes markup or a script, and none turns the direction of others', () => {
  const alerts = { heartbeat: true, firing: [isOf('DatabaseDown', 'critical')] };
  const silent = { kind: 'silent' as const, why: evil };
  const report = reportOf(['shop', shop({ problems: ['it answers 503'], url: 'javascript:alert(1)//x' })]);
  const retire = { ...machine('web', '203.0.113.5'), retire: 'ssh', bastion: '192.0.2.1', off: 'off' };
  const all = pageData({
    report: reportOf(['shop', shop({ problems: ['x'], machines: { ...shop().machines, 'shop-web-1': retire } })]),
    monitoring: { shop: { ...told(), alerts }, other: silent },
    notAsked: 'x',
  });
  const [text, other] = [page(hostile(all)), page(hostile(pageData({ report, deployments: { why: 'x' } })))];
  expect(shapeOf(text)).toEqual(shapeOf(page(all)));
  for (const one of [text, other]) {
    expect(one).toContain('shop-web-0&lt;script&gt;alert(&quot;x&quot;)');
    expect(one).not.toMatch(/<script|<img|[\u202e\0]/);
  }
  // It is told, and leads nowhere
  expect(other).toContain('javascript:alert(1)');
  expect(tagsOf(other).filter((tag) => tag.includes('javascript:'))).toEqual([]);
});

test("a diagram of hostile names has no element of its own but Graphviz'", async () => {
  const { environment, blueprints } = readOffline('preprod');
  const named = blueprints.map((blueprint) => ({ ...blueprint, version: `${evil}"];x` }));
  const text = page(pageData({ diagram: await diagramSvg(environment, named) }));
  const [picture = ''] = /<svg aria-hidden[\s\S]*?<\/svg>/.exec(text) ?? [];
  expect(picture).toContain('&lt;script&gt;');
  expect(new Set([...picture.matchAll(/<(\w+)/g)].map(([, name]) => name))).toEqual(
    new Set(['svg', 'g', 'path', 'polygon', 'text']),
  );
  expect(shapeOf(picture).filter((tag) => / (?:style|on\w+|href)/.test(tag))).toEqual([]);
  // It is made smaller, and says the same
  for (const says of ['198.51.100.0/24', '10.64.0.0/20', 'traefik: preprod.basegun.fr/ → frontend'])
    expect(picture).toContain(says);
});

test('it loads nothing from elsewhere, has no script, and says so to the browser', () => {
  const text = page(pageData());
  expect(text).toContain("default-src 'none'; style-src 'sha256-");
  expect(text).not.toMatch(/<script|<iframe|<object|@import|url\(| style="| src=/);
  expect([...text.matchAll(/<link [^>]*href="([^"]*)"/g)].map(([, href]) => href)).toEqual(['data:,']);
});
