import { expect, test } from 'vitest';
import { parse } from 'yaml';
import type { AdoptedHost } from '../../../src/model/adoptedHost.ts';
import type { Edge } from '../../../src/model/edge.ts';
import { ref } from '../../../src/model/value.ts';
import { bundle } from '../../../src/render/bundle.ts';
import { machineProxy } from '../../../src/render/proxy.ts';
import { environment } from '../../environment.ts';
import { container, machineInput, role, supervised } from './fixtures.ts';

const pem = (name: string) => `-----BEGIN CERTIFICATE-----\n${name}\n-----END CERTIFICATE-----\n`;
const proxy = {
  url: 'http://proxy.corp.test:3128',
  exceptFor: ['.corp.test'],
  authority: `first\n${pem('ONE')}second\n${pem('TWO').trimEnd()}`,
};
const given = (own = {}) => machineProxy({ ...environment, proxy: { ...proxy, ...own } }, ['registry.test:5000']);
const noProxy = 'localhost,127.0.0.1,::1,169.254.169.254,10.64.0.0/20,registry.test,.corp.test';

const edge = (kind: Edge['kind'], authority = ''): Partial<Parameters<typeof machineInput>[0]> => ({
  services: [container({ name: 'api', port: 80 }), supervised({ name: 'page' })],
  facts: { 'acme.directory': 'https://acme.test/dir', 'acme.authority': authority },
  edge: {
    kind,
    image: 'registry.example/traefik:v3.6.12',
    tls: {
      ...{ kind: 'acme', email: 'ops@shop.test', httpsPort: 443 },
      ...{ directory: ref('acme.directory'), authority: ref('acme.authority') },
    },
    routes: [{ domain: 'shop.test', prefix: '/', service: 'api' }],
    drainSeconds: 2,
    uploads: { largestMb: 5, atOnce: 20 },
  },
});

const entries = (own = {}, kind: Edge['kind'] = 'traefik', authority = '') =>
  bundle({ ...machineInput(edge(kind, authority)), ...given(own) }).entries;
const placed = (all: Readonly<Record<string, string>>) =>
  Object.keys(all).filter((path) => path.includes('berth-proxy'));

test('apt, docker and the store of authorities are told, each authority by itself', () => {
  const all = entries();
  expect(all['files/etc/apt/apt.conf.d/80berth-proxy']).toBe(
    `Acquire::http::Proxy "${proxy.url}";\nAcquire::https::Proxy "${proxy.url}";\n`,
  );
  expect(all['files/etc/systemd/system/docker.service.d/berth-proxy.conf']).toBe(
    `[Service]\nEnvironment="HTTP_PROXY=${proxy.url}"\nEnvironment="HTTPS_PROXY=${proxy.url}"\nEnvironment="NO_PROXY=${noProxy}"\n`,
  );
  const authorities = [0, 1].map((index) => all[`files/usr/local/share/ca-certificates/berth-proxy-${index}.crt`]);
  expect(authorities).toEqual([pem('ONE'), pem('TWO')]);
});

test('a build is told in both cases, and whom to trust where there is an authority', () => {
  const told = entries()['builder.env']?.split('\n') ?? [];
  expect(told).toEqual(expect.arrayContaining([`https_proxy=${proxy.url}`, `NO_PROXY=${noProxy}`]));
  expect(told).toContain('NODE_EXTRA_CA_CERTS=/srv/berth/shop/authorities.pem');
  const { authority: _, ...plain } = proxy;
  const without = machineProxy({ ...environment, proxy: plain }, []);
  expect(bundle({ ...machineInput(edge('nginx')), ...without }).entries['builder.env']).not.toContain('NODE_EXTRA');
});

test('who asks for certificates goes through it: Traefik, but not to the services, and dehydrated', () => {
  const { environment: told } = parse(entries()['edge.yaml'] ?? '').services.traefik;
  expect(told).toEqual({
    LEGO_CA_CERTIFICATES: '/etc/traefik/start/authority.pem',
    LEGO_CA_SYSTEM_CERT_POOL: 'true',
    HTTPS_PROXY: proxy.url,
    NO_PROXY: noProxy,
  });
  const all = entries({}, 'nginx', 'OWN');
  const folder = '/etc/berth/shop/acme';
  expect(all[`files${folder}/config`]).toContain(
    `CURL_OPTS='--cacert ${folder}/authority.pem --capath /etc/ssl/certs --proxy ${proxy.url} --noproxy ${noProxy}'`,
  );
  expect(all[`files${folder}/authority.pem`]).toBe(`OWN\n${pem('ONE')}${pem('TWO')}`);
});

test("an adopted machine's apt, docker and authorities stay its owner's; its builds are told", () => {
  const host: AdoptedHost = { address: '203.0.113.20', port: 22, user: 'debian', hostKey: 'k', keepOpen: [] };
  const input = machineInput(edge('nginx'));
  const adopted = { ...input, role: role({ ...input.role, hosts: [host] }) };
  const all = bundle({ ...adopted, ...given() }).entries;
  expect(placed(all)).toEqual([]);
  expect(all['builder.env']).toContain(proxy.url);
});

test('without a proxy nothing is told', () => {
  const all = bundle({ ...machineInput(edge('traefik')), ...machineProxy(environment, []) }).entries;
  expect(placed(all)).toEqual([]);
  expect(all).not.toHaveProperty('builder.env');
  expect(parse(all['edge.yaml'] ?? '').services.traefik.environment).toEqual({});
});
