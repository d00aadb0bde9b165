import { expect, test } from 'vitest';
import { operatorAccess } from '../../../src/model/access.ts';
import { domainsOf } from '../../../src/model/edge.ts';
import { otherNames } from '../../../src/model/otherNames.ts';
import { publicEdge as part } from '../../../src/parts/web.ts';

/** With the edge of its role */
function publicEdge(input: Parameters<typeof part>[0]) {
  const { roles, rules = [], ...made } = part(input);
  const edge = roles?.[input.role]?.edge;
  if (!edge) throw new Error('no edge');
  return { ...made, rules, edge };
}

const site = { domain: 'shop.example.org', prefix: '/', service: 'page' };
const uploads = { largestMb: 5, atOnce: 20 };
const name = { role: 'web', sites: [site] as const, uploads };

test("a name with its own certificate: directory and authority are the cloud's to say", () => {
  const { edge, url } = publicEdge({ ...name, tls: { kind: 'acme', contact: 'ops@example.org' } });
  expect(url).toBe('https://shop.example.org');
  expect(edge).toMatchObject({
    kind: 'traefik',
    routes: [site],
  });
  expect(edge.tls).toEqual({
    kind: 'acme',
    email: 'ops@example.org',
    directory: { ref: 'acme.directory' },
    authority: { ref: 'acme.authority' },
    httpsPort: 443,
  });
});

test('a name behind a gateway: users still come by HTTPS, and 443 is closed on the machine', () => {
  const { rules, url } = publicEdge({ ...name, tls: { kind: 'upstream', gatewayNetworks: ['192.0.2.0/28'] } });
  expect(url).toBe('https://shop.example.org');
  expect(rules.map(({ port }) => port)).toEqual([80]);
});

test('every rule says why, in words that fit a comment of the firewall', () => {
  const tls = [
    { kind: 'acme', contact: 'a@b.c' },
    { kind: 'upstream', gatewayNetworks: ['192.0.2.0/28'] },
  ] as const;
  const rules = [...tls.flatMap((kind) => publicEdge({ ...name, tls: kind }).rules), operatorAccess('web')];
  for (const { why } of rules) expect(why).toMatch(/^[\w ,':-]{10,120}$/);
});

test('further names of a site answer as its own does or redirect to it, each with a record and a certificate', () => {
  const sites = [site, { domain: 'api.example.org', prefix: '/', service: 'api' }] as const;
  const names = { alsoAt: ['shop.example.com'], redirectFrom: ['www.example.org', 'old.example.org'] };
  const tls = { kind: 'acme', contact: 'ops@example.org', httpsPort: 8443 } as const;
  const { edge, records, url } = publicEdge({ role: 'web', sites, names, tls, uploads });
  expect(url).toBe('https://shop.example.org:8443');
  expect(edge.routes).toEqual([...sites, { ...site, domain: 'shop.example.com' }]);
  expect(edge.redirects).toEqual(names.redirectFrom.map((from) => ({ from, to: url })));
  const all = ['shop.example.org', 'api.example.org', 'shop.example.com', 'www.example.org', 'old.example.org'];
  expect([...domainsOf(edge)].sort()).toEqual([...all].sort());
  expect(records.map(({ name }) => name)).toEqual(all);
  const blueprint = { url, roles: { web: { edge } } } as unknown as Parameters<typeof otherNames>[0];
  expect(otherNames(blueprint).redirectFrom).toEqual(names.redirectFrom);
});
