import { expect, test } from 'vitest';
import type { Answer, Certificate } from '../../../../src/cli/status/ask.ts';
import { redirectProblems, siteHealth, type Trust, versionIn } from '../../../../src/cli/status/health.ts';
import { statusTable } from '../../../../src/cli/status/reportTable.ts';
import { siteOf } from '../../../../src/cli/status/site.ts';

const now = new Date('2026-11-21T12:00:00Z');
const certificate: Certificate = {
  issuer: "Let's Encrypt, R12",
  validUntil: new Date('2027-01-31T00:00:00Z'),
  trusted: true,
  forSite: true,
};
const answer: Answer = {
  kind: 'answer',
  status: 200,
  body: '"3.3.0"',
  address: '203.0.113.10',
  milliseconds: 40,
  certificate,
};
const health = (changed: Partial<Answer & { kind: 'answer' }>, by: Trust['by'] = 'browsers') =>
  siteHealth({ ...answer, ...changed }, '3.3.0', { by, now });

test('the declared version under a certificate that browsers trust is healthy', () => {
  expect(health({})).toEqual({ healthy: true, answers: '3.3.0', problems: [] });
});

test.each<[string, Partial<Answer & { kind: 'answer' }>, string]>([
  ['another version', { body: '3.2.9' }, '3.2.9 answers, 3.3.0 is declared'],
  ['an error', { status: 502, body: 'Bad Gateway' }, 'it answers 502'],
  ['a page', { body: '<html>' }, 'its answer is not a version'],
  [
    'an old certificate',
    { certificate: { ...certificate, validUntil: new Date('2026-11-20T00:00:00Z') } },
    'its certificate expired on 2026-11-20',
  ],
  [
    'a foreign certificate',
    { certificate: { ...certificate, forSite: false, trusted: false, issuer: 'TRAEFIK DEFAULT CERT' } },
    'its certificate is for another name, issuer TRAEFIK DEFAULT CERT',
  ],
  [
    'an unknown authority',
    { certificate: { ...certificate, trusted: false, issuer: 'Eve' } },
    'its certificate is not trusted, issuer Eve',
  ],
])('%s is unhealthy', (_, changed, problem) => {
  expect(health(changed)).toMatchObject({ healthy: false, problems: [problem] });
});

test('a site that tells no version is healthy by any answer from 200 to 299, and by no other', () => {
  const untold = (changed: object) =>
    siteHealth({ ...answer, body: '<html>', ...changed }, undefined, { by: 'browsers', now });
  expect(untold({})).toEqual({ healthy: true, problems: [] });
  expect(untold({ status: 204 })).toEqual({ healthy: true, problems: [] });
  expect(untold({ status: 302 })).toEqual({ healthy: false, problems: ['it answers 302'] });
  expect(untold({ status: 500 })).toEqual({ healthy: false, problems: ['it answers 500'] });
});

test('silence is unhealthy, with its reason', () => {
  const silence = { kind: 'silence', reason: '203.0.113.10:443: connection refused' } as const;
  expect(siteHealth(silence, '3.3.0', { by: 'browsers', now })).toEqual({
    healthy: false,
    problems: ['203.0.113.10:443: connection refused'],
  });
});

test('a certificate that browsers do not trust is right only where the stack asks for such a one', () => {
  const untrusted = { ...certificate, trusted: false };
  const staged = { ...untrusted, issuer: "(STAGING) Let's Encrypt, (STAGING) Riddling Rhubarb R12" };
  expect(health({ certificate: { ...staged, rehearses: true } }, 'rehearsal').healthy).toBe(true);
  expect(health({ certificate }, 'rehearsal').healthy).toBe(true);
  expect(health({ certificate: { ...untrusted, issuer: 'Own CA' } }, 'anyone').healthy).toBe(true);
  // Whoever writes the name of a test authority into a certificate is none
  for (const one of [staged, { ...untrusted, issuer: 'Own CA' }])
    expect(health({ certificate: { ...one, rehearses: false } }, 'rehearsal').problems).toEqual([
      `its certificate is not trusted, issuer ${one.issuer}, which is not Let's Encrypt's staging authority`,
    ]);
  expect(health({ certificate: staged }).problems).toEqual([
    `its certificate is from a test authority,  ${staged.issuer}, and the stack asks for one that browsers trust (berth:authority)`,
  ]);
});

test.each([
  ['3.3.0', '3.3.0'],
  ['"3.3.0"\n', '3.3.0'],
  ['main-1f2e3d4', 'main-1f2e3d4'],
  ['"3.3.0', undefined],
  ['', undefined],
  ['3.3.0\u001b[2J', undefined],
])('the version in %j is %j', (body, version) => {
  expect(versionIn(body)).toBe(version);
});

test.each([
  ['local', 'https://basegun.localhost:8443', '127.0.0.1'],
  ['local', 'https://preprod.example.org:8443', '127.0.0.1'],
  ['local', 'https://preprod.example.org', '10.0.0.16'],
  ['openstack', 'https://preprod.example.org', undefined],
])('on %s, %s is asked of %s', (cloud, url, address) => {
  const records = [{ name: 'preprod.example.org', type: 'A', value: '10.0.0.16' }];
  const site = siteOf({ cloud, url, version: '1', probe: { path: '/api/version' }, machines: {}, records });
  expect(site.url.href).toBe(`${url}/api/version`);
  expect(site.address).toBe(address);
});

test('a further name is asked as the site is, a local one at the address of its record', () => {
  const records = [{ name: 'www.example.org', type: 'A', value: '10.0.0.17' }];
  const outputs = { url: 'https://example.org', version: '1', probe: { path: '/api/version' }, machines: {}, records };
  const site = siteOf({ cloud: 'local', ...outputs }, 'www.example.org');
  expect([site.url.href, site.address]).toEqual(['https://www.example.org/api/version', '10.0.0.17']);
});

test.each<[string, Partial<Answer & { kind: 'answer' }>, readonly string[]]>([
  ['for good, with the path', { status: 308, location: 'https://example.org/api/version' }, []],
  ['in the old way', { status: 301, location: 'https://example.org/api/version' }, []],
  [
    'for now',
    { status: 302, location: 'https://example.org/api/version' },
    [
      'it answers 302 and redirects to https://example.org/api/version, instead of permanently to https://example.org/api/version',
    ],
  ],
  [
    'without the path',
    { status: 308, location: 'https://example.org/' },
    ['it answers 308 and redirects to https://example.org/, instead of permanently to https://example.org/api/version'],
  ],
  [
    'nowhere',
    {},
    ['it answers 200 and redirects to nothing, instead of permanently to https://example.org/api/version'],
  ],
  [
    'under the certificate of another name',
    {
      status: 308,
      location: 'https://example.org/api/version',
      certificate: { ...certificate, forSite: false },
    },
    ["its certificate is for another name, issuer Let's Encrypt, R12"],
  ],
])('a name that redirects %s', (_, changed, problems) => {
  const to = new URL('https://example.org/api/version');
  expect(redirectProblems({ ...answer, ...changed }, to, { by: 'browsers', now })).toEqual(problems);
});

test.each([
  [12, 'EXPIRES IN 12 DAYS: renew it'],
  [60, undefined],
])('a certificate with %i days left is told so: %s', (days, words) => {
  const validUntil = new Date(Date.now() + (days + 0.5) * 24 * 60 * 60 * 1000).toISOString();
  const basegun = {
    ...{ healthy: true, cloud: 'openstack', url: 'https://basegun.fr', version: { declared: '1', answers: '1' } },
    ...{ problems: [], machines: {}, records: [], certificate: { issuer: 'Own CA', validUntil, trusted: true } },
  };
  const table = statusTable({ stack: 'prod', healthy: true, systems: { basegun } });
  expect(table).toContain(`valid until ${validUntil.slice(0, 10)}${words === undefined ? '' : `, ${words}`}\n`);
});
