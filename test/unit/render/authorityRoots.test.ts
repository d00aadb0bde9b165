import { execFileSync } from 'node:child_process';
import { X509Certificate } from 'node:crypto';
import { expect, test } from 'vitest';
import { authorityRoots } from '../../../src/render/authorityRoots.ts';

const staging = authorityRoots('letsencrypt-staging');

/** As published with the certificates, and by others who trust them */
const published = {
  '(STAGING) Pretend Pear X1': 'e70570a989f8565aabdf7cae27abd1621872d6a3f811e3fef27e3dba02912198',
  '(STAGING) Bogus Broccoli X2': '9b2a339fe6a3e85585c4cd75536cb8c1cf7cd603b9a64bec2521858ae48da85d',
  '(STAGING) Yearning Yucca Root YE': 'b59bfc0ba52daf849853b7324a91e82f031db3397f35644157352cde6384b56c',
  '(STAGING) Yonder Yam Root YR': 'ef115fb59e040ff39d15fd8f3ef54063c704321d83cb081213272f77d3091672',
};

test("the roots of Let's Encrypt's staging authority are whole, and no others", () => {
  const texts = staging.match(/-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/g) ?? [];
  const roots = texts.map((text) => new X509Certificate(text));
  const sums = roots.map(({ subject, fingerprint256 }) => [
    /CN=(.*)/.exec(subject)?.[1],
    fingerprint256.replaceAll(':', '').toLowerCase(),
  ]);
  expect(Object.fromEntries(sums)).toEqual(published);
  expect(roots.every((root) => root.ca && root.issuer === root.subject && root.verify(root.publicKey))).toBe(true);
});

test('what browsers trust needs no roots', () => {
  expect(authorityRoots('letsencrypt')).toBe('');
});

test('OpenSSL reads each of them beside the words between them', () => {
  const file = new URL('../../../templates/acme/letsencrypt-staging.pem', import.meta.url).pathname;
  const words = ['storeutl', '-noout', '-certs', file];
  expect(execFileSync('openssl', words, { encoding: 'utf8' })).toContain('Total found: 4');
});
