import fc from 'fast-check';
import { expect, test } from 'vitest';
import { certificateArn } from '../../../src/config/fields.ts';
import { type Container, isContainer } from '../../../src/model/service.ts';
import { resolve } from '../../../src/model/value.ts';
import { balancerMachine, cloudBalancer } from '../../../src/parts/balancer.ts';
import { templateText } from '../../../src/render/template.ts';

const input = {
  name: 'balancer',
  domain: 'api.example.org',
  to: { role: 'api', count: 2, port: 3000 },
  sticky: true,
  machine: { size: 'small', diskGb: 10 },
  uploads: { largestMb: 5, atOnce: 20 },
  contact: 'ops@example.org',
};

function nginxOf(count: number, sticky: boolean): Container {
  const { roles } = balancerMachine({ ...input, sticky, to: { ...input.to, count } });
  const [service] = roles?.balancer?.services ?? [];
  if (!service || !isContainer(service)) throw new Error('no container');
  return service;
}

/** Its configuration, where machine n of the role has the address 192.0.2.n */
function configuration(count: number, sticky = true): string {
  const file = nginxOf(count, sticky).config?.files['nginx.conf'];
  if (!file || !('template' in file)) throw new Error('no template');
  const addresses = Array.from({ length: count }, (_, n) => [`machines.api.${n}.privateAddress`, `192.0.2.${n}`]);
  const facts = Object.fromEntries(addresses);
  const values = Object.entries(file.values).map(([name, value]) => [name, resolve(value, facts, {})]);
  return templateText(file.template, Object.fromEntries(values));
}

const serversIn = (text: string): string[] =>
  [...text.matchAll(/^ *server ([\d.]+:\d+) max_fails=\d+ fail_timeout=\d+s;$/gm)].map(([, server]) => server ?? '');

test('spreads over every machine of its role, each once, in order', () => {
  fc.assert(
    fc.property(fc.integer({ min: 1, max: 16 }), (count) => {
      const expected = Array.from({ length: count }, (_, n) => `192.0.2.${n}:3000`);
      expect(serversIn(configuration(count))).toEqual(expected);
    }),
  );
});

test('a sticky one goes by what names the visitor; any other by who has least to do, and gives no cookie', () => {
  const files = (sticky: boolean) => Object.keys(nginxOf(2, sticky).config?.files ?? {});
  expect(configuration(2)).toMatch(/hash \$machine_key consistent;/);
  expect(files(true)).toEqual(['nginx.conf', 'sticky.conf']);
  expect(configuration(2, false)).toMatch(/least_conn;/);
  expect(configuration(2, false)).not.toMatch(/hash/);
  expect(files(false)).toEqual(['nginx.conf']);
});

test('an upgrade is asked for where the visitor asks for one, and long connections stay', () => {
  const text = configuration(2);
  expect(text).toMatch(/map \$http_upgrade \$connection_header \{\s+default upgrade;\s+'' '';\s+\}/);
  expect(text).toContain('proxy_set_header Connection $connection_header;');
  expect(text).toContain('proxy_read_timeout 1h;');
});

test('the world reaches its HTTPS, and it alone the machines behind it', () => {
  const { rules, records, url, roles } = balancerMachine(input);
  expect(rules?.map(({ from, to, port }) => [from, to, port])).toEqual([
    ['internet', 'balancer', 80],
    ['internet', 'balancer', 443],
    [{ role: 'balancer' }, 'api', 3000],
  ]);
  expect(records).toEqual([{ name: 'api.example.org', to: { role: 'balancer', index: 0 } }]);
  expect(url).toBe('https://api.example.org');
  expect(roles?.balancer).toMatchObject({
    machines: { count: 1, address: { kind: 'reserved' } },
    edge: { tls: { kind: 'acme' } },
  });
});

test("the cloud's own has the same rules and name, and such a machine in its place", () => {
  const certificate = certificateArn.parse(
    'arn:aws:acm:eu-west-2:123456789012:certificate/12345678-1234-1234-1234-123456789012',
  );
  const made = cloudBalancer({ ...input, name: 'front', sticky: false, healthPath: '/health', certificate });
  const machine = balancerMachine({ ...input, name: 'front', sticky: false });
  const { machines, ...runs } = machine.roles?.front ?? {};
  expect(made.balancers).toEqual([
    {
      ...{ name: 'front', domain: 'api.example.org', role: 'api', port: 3000, healthPath: '/health', sticky: false },
      certificate,
      inItsPlace: { ...machines, ...runs },
    },
  ]);
  expect(made.rules).toEqual(machine.rules);
  expect(made.records).toEqual([{ name: 'api.example.org', to: { balancer: 'front' } }]);
  expect(cloudBalancer({ ...input, healthPath: '/health' }).balancers?.[0]).not.toHaveProperty('certificate');
});

test.each(['', 'arn:aws:s3:::x', 'arn:aws:acm:eu-west-2:1:certificate/x'])('%j is no certificate', (text) => {
  expect(certificateArn.safeParse(text).success).toBe(false);
});
