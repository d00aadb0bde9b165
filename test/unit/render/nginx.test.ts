import { expect, test } from 'vitest';
import type { Edge } from '../../../src/model/edge.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { container, machineInput, releaseIn, supervised } from './fixtures.ts';

const acme: Edge['tls'] = {
  kind: 'acme',
  email: 'ops@example.org',
  directory: { ref: 'acme.directory' },
  authority: { ref: 'acme.authority' },
  httpsPort: 443,
};
const edge: Edge = {
  kind: 'nginx',
  tls: acme,
  routes: [
    { domain: 'shop.example.org', prefix: '/', service: 'page' },
    { domain: 'shop.example.org', prefix: '/api/', strip: true, service: 'api' },
  ],
  drainSeconds: 2,
  uploads: { largestMb: 5, atOnce: 20 },
};
const services = [supervised({ name: 'api', loopback: 3579 }), supervised({ name: 'page', calls: ['api'] })];

const entries = (own: Partial<Edge> = {}, authority = '') =>
  bundle(
    machineInput({
      services,
      edge: { ...edge, ...own },
      facts: { 'acme.directory': 'https://acme.example/directory', 'acme.authority': authority },
    }),
  ).entries;
const routes = (own: Partial<Edge> = {}): string => entries(own)['routes.conf'] ?? '';
const site = (own: Partial<Edge> = {}): string => entries(own)['files/etc/nginx/conf.d/berth-shop.conf'] ?? '';

test('the live colours are the only thing that the machine fills in', () => {
  expect(new Set(routes().match(/@\w+@/g))).toEqual(new Set(['@page@', '@api@', '@generation@']));
  expect(routes()).toContain('upstream shop-page { server 127.0.0.1:@page@; }');
});

test('the prefix is taken away where the route says so', () => {
  expect(routes()).toMatch(/location \/ \{\s+set \$berth_service page;\s+proxy_pass http:\/\/shop-page;/);
  expect(routes()).toMatch(
    /location \/api\/ \{\s+set \$stripped_prefix \/api;[^}]+\}\s+proxy_pass http:\/\/shop-api\$shop_api_path;/,
  );
  expect(routes({ routes: edge.routes.map(({ strip: _, ...route }) => route) })).toMatch(
    /location \/api\/ \{\s+set \$berth_service api;\s+proxy_pass http:\/\/shop-api;/,
  );
});

test('callers on the machine find the live colour on loopback, and nobody else does', () => {
  expect(routes()).toContain('listen 127.0.0.1:3579;');
  const listening = [...routes().matchAll(/listen ([^;]+);/g), ...site().matchAll(/listen ([^;]+);/g)].map(
    ([, at]) => at,
  );
  expect(listening).toEqual(['127.0.0.1:3579', '443 ssl http2', '80']);
});

test('port 80 answers the certificate authority, and leads to HTTPS on the port that users see', () => {
  expect(site()).toContain('alias /srv/berth/shop/challenge/;');
  expect(site()).toContain('return 301 https://shop.example.org$request_uri;');
  const other = { ...acme, httpsPort: 8443 };
  expect(site({ tls: other })).toContain('return 301 https://shop.example.org:8443$request_uri;');
  expect(routes({ tls: other })).not.toContain('Strict-Transport-Security');
  expect(routes()).toContain('Strict-Transport-Security max-age=63072000');
});

test('behind a gateway there is one port, no certificate, and only the gateway is believed', () => {
  const tls: Edge['tls'] = { kind: 'upstream', networks: ['192.0.2.0/28', '192.0.2.64/28'] };
  expect(routes({ tls })).toContain('listen 80;');
  expect(routes({ tls })).toContain(
    'set_real_ip_from 192.0.2.0/28;\n  set_real_ip_from 192.0.2.64/28;\n  real_ip_header',
  );
  expect(routes({ tls })).not.toContain('ssl');
  expect(site({ tls })).not.toContain('listen');
  const paths = Object.keys(entries({ tls }));
  expect(paths.filter((path) => !path.startsWith('engine/') && /acme|certificate/.test(path))).toEqual([]);
  expect(releaseIn(entries({ tls })).packages).not.toContain('dehydrated');
});

test("another directory's certificates are others, and a private authority is trusted by file", () => {
  const config = (facts: Readonly<Record<string, string>>) =>
    bundle(machineInput({ services, edge, facts })).entries['files/etc/berth/shop/acme/config'] ?? '';
  const place = (text: string) => /^CERTDIR=(.+)$/m.exec(text)?.[1];
  const real = config({ 'acme.directory': 'https://acme.example/directory', 'acme.authority': '' });
  const staging = config({ 'acme.directory': 'https://staging.acme.example/directory', 'acme.authority': 'PEM' });
  expect(place(real)).not.toBe(place(staging));
  expect(routes()).toContain(`ssl_certificate ${place(real)}/shop/fullchain.pem;`);
  expect(staging).toContain("CURL_OPTS='--cacert /etc/berth/shop/acme/authority.pem'");
  expect(real).toContain("CURL_OPTS=''");
});

test('several names are sites of their own, in one certificate', () => {
  const two = { routes: [...edge.routes, { domain: 'api.example.org', prefix: '/', service: 'api' }] };
  expect([...routes(two).matchAll(/server_name (\S+);/g)].map(([, name]) => name)).toEqual([
    'shop.example.org',
    'api.example.org',
  ]);
  expect(entries(two)['files/etc/berth/shop/acme/domains']).toBe('shop.example.org api.example.org > shop\n');
});

test('what it cannot do is an error that names what can', () => {
  const login = { routes: [{ domain: 'shop.example.org', prefix: '/', service: 'page', users: 'a:b' }] };
  expect(() => entries(login)).toThrow('an nginx edge has neither logins nor internal ports, choose kind traefik');
  expect(() => entries({ tls: { kind: 'internal', port: 80 } })).toThrow('choose kind traefik');
  expect(() => entries({ routes: edge.routes.slice(1) })).toThrow('nothing answers / of shop.example.org');
});

test('a container can stand behind it too', () => {
  const page = container({ name: 'page', port: 8080 });
  const input = machineInput({
    services: [page],
    edge: { ...edge, tls: { kind: 'upstream', networks: [] }, routes: edge.routes.slice(0, 1) },
  });
  const { entries: both } = bundle(input);
  expect(both['routes.conf']).toContain('upstream shop-page { server 127.0.0.1:@page@; }');
  expect(both).toHaveProperty('colours.yaml');
  expect(both).not.toHaveProperty('edge.yaml');
});
