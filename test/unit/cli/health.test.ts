import { expect, test } from 'vitest';
import type { Answer, Certificate } from '../../../src/cli/status/ask.ts';
import { siteHealth, versionIn } from '../../../src/cli/status/health.ts';
import { siteOf } from '../../../src/cli/status/site.ts';

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
const health = (changed: Partial<Answer & { kind: 'answer' }>, untrusted = false) =>
  siteHealth({ ...answer, ...changed }, '3.3.0', { untrusted, now });

test('the declared version under a certificate that browsers trust is healthy', () => {
  expect(health({})).toEqual({ healthy: true, answers: '3.3.0', problems: [] });
});

test.each<[string, Partial<Answer & { kind: 'answer' }>, string]>([
  ['another version', { body: '3.2.9' }, '3.2.9 answers, 3.3.0 is declared'],
  ['an error', { status: 502, body: 'Bad Gateway' }, 'it answers 502'],
  ['a page', { body: '<html>' }, 'it answers something that is not a version'],
  [
    'an old certificate',
    { certificate: { ...certificate, validUntil: new Date('2026-11-20T00:00:00Z') } },
    'its certificate ended on 2026-11-20',
  ],
  [
    'a foreign certificate',
    { certificate: { ...certificate, forSite: false, trusted: false, issuer: 'TRAEFIK DEFAULT CERT' } },
    'its certificate is for another name, by TRAEFIK DEFAULT CERT',
  ],
  [
    'an unknown authority',
    { certificate: { ...certificate, trusted: false, issuer: 'Eve' } },
    'nobody trusts its certificate, by Eve',
  ],
])('%s is unhealthy', (_, changed, problem) => {
  expect(health(changed)).toMatchObject({ healthy: false, problems: [problem] });
});

test('silence is unhealthy, with its reason', () => {
  const silence = { kind: 'silence', reason: '203.0.113.10:443: connection refused' } as const;
  expect(siteHealth(silence, '3.3.0', { untrusted: false, now })).toEqual({
    healthy: false,
    problems: ['203.0.113.10:443: connection refused'],
  });
});

test('a certificate that browsers do not trust is right only where the stack asks for such a one', () => {
  const untrusted = { ...certificate, trusted: false };
  const staged = { ...untrusted, issuer: "(STAGING) Let's Encrypt, (STAGING) Riddling Rhubarb R12" };
  expect(health({ certificate: staged }, true).healthy).toBe(true);
  expect(health({ certificate: { ...untrusted, issuer: 'Own CA' } }, true).healthy).toBe(true);
  expect(health({ certificate: staged }).problems).toEqual([
    `its certificate is by a test authority, ${staged.issuer}, and the stack asks for one that browsers trust (berth:authority)`,
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
