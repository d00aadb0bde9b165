import fc from 'fast-check';
import { expect, test } from 'vitest';
import { cloudFirewall } from '../../src/clouds/local/provider/firewall.ts';
import { isLeftover, ownerOf } from '../../src/clouds/local/provider/owner.ts';
import { signed } from '../../src/clouds/local/provider/s3.ts';
import { freeSubnet, gatewayOf, subnetsOverlap } from '../../src/clouds/local/provider/subnet.ts';
import { dump, onlyFile } from '../../src/clouds/local/provider/tar.ts';

const third = fc.integer({ min: 0, max: 255 }).map((number) => `10.213.${number}.0/24`);

test('a free subnet overlaps none that is taken, and is the same for the same name', () => {
  fc.assert(
    fc.property(fc.string(), fc.array(third, { maxLength: 200 }), (name, taken) => {
      const subnet = freeSubnet(name, taken);
      expect(taken).not.toContain(subnet);
      expect(freeSubnet(name, taken)).toBe(subnet);
    }),
  );
});

test('no free subnet is an error that says what to do', () => {
  expect(() => freeSubnet('any', ['10.213.0.0/17', '10.213.128.0/17'])).toThrow(/docker network prune/);
});

test.each([
  ['10.213.5.0/24', '10.213.5.128/25', true],
  ['10.213.5.0/24', '10.0.0.0/8', true],
  ['10.213.5.0/24', '10.213.6.0/24', false],
  ['10.213.5.0/24', 'fd00::/8', false],
])('%s and %s overlap: %s', (left, right, expected) => {
  expect(subnetsOverlap(left, right)).toBe(expected);
  expect(subnetsOverlap(right, left)).toBe(expected);
});

test("a network's gateway is its first address", () => {
  expect(gatewayOf('10.213.5.0/24')).toBe('10.213.5.1');
  expect(gatewayOf('192.168.255.64/26')).toBe('192.168.255.65');
});

test('an archive gives back the file that was put in', () => {
  fc.assert(
    fc.property(fc.string(), (text) => {
      const archive = Buffer.from(dump([{ path: 'a/b', mode: 0o600, text }])).toString();
      expect(onlyFile(archive)).toBe(text);
      expect(archive.length % 512).toBe(0);
    }),
  );
});

test('a firewall names each source once, leaves IPv6 closed and flushes nothing of others', () => {
  const text = cloudFirewall([
    { protocol: 'tcp', port: 22, sources: ['192.0.2.0/24', '192.0.2.0/24', '2001:db8::/32'] },
  ]);
  expect(text.match(/192\.0\.2\.0\/24 tcp dport 22 accept/g)).toHaveLength(1);
  expect(text).not.toContain('2001:db8');
  expect(text).not.toContain('flush');
  expect(text.match(/policy drop/g)).toHaveLength(2);
});

test('only what the same resource of the same stack left behind is taken over', () => {
  const urn = 'urn:pulumi:local::berth::berthlocal:index:Machine::web';
  const owner = ownerOf(urn, '/');
  expect(owner['berth.stack']).toMatch(/^berth\/local\/[0-9a-f]{8}$/);
  expect(isLeftover('container', 'web', { ...owner }, owner)).toBe(true);
  expect(() => isLeftover('container', 'web', { ...owner, 'berth.urn': 'another' }, owner)).toThrow(
    'another of stack berth/local',
  );
  expect(() => isLeftover('container', 'web', ownerLabels('/tmp'), owner)).toThrow('is in use by');
  expect(() => isLeftover('network', 'web', null, owner)).toThrow('docker network rm web');

  function ownerLabels(folder: string) {
    return { ...ownerOf(urn, folder) };
  }
});

test('an S3 request is signed for its method, path, host and time', () => {
  const access = {
    endpoint: 'http://10.213.0.3:7070',
    region: 'us-east-1',
    bucket: 'b',
    accessKey: 'AK',
    secretKey: 'SK',
  };
  const at = new Date('2026-01-02T03:04:05.678Z');
  const headers = signed('PUT', `${access.endpoint}/b`, access, at);
  expect(headers['x-amz-date']).toBe('20260102T030405Z');
  expect(headers.authorization).toMatch(
    /^AWS4-HMAC-SHA256 Credential=AK\/20260102\/us-east-1\/s3\/aws4_request, SignedHeaders=host;x-amz-content-sha256;x-amz-date, Signature=[0-9a-f]{64}$/,
  );
  expect(signed('GET', `${access.endpoint}/b`, access, at).authorization).not.toBe(headers.authorization);
});
