import fc from 'fast-check';
import { expect, test } from 'vitest';
import type { z } from 'zod';
import {
  cidr,
  domainName,
  emailAddress,
  environmentVariables,
  imageReference,
  ipv4,
  version,
} from '../../../src/config/fields.ts';
import { jsonSchema } from '../../../src/config/jsonSchema.ts';
import { machineOptions } from '../../../src/config/machineFields.ts';
import { problemsOf } from '../../../src/config/problems.ts';
import { dereferenced } from '../../dereferenced.ts';
import { clouds, systems } from './fixtures.ts';

const accepts = (field: z.ZodType, value: unknown): boolean => field.safeParse(value).success;
const octet = fc.nat(255);
const address = fc.tuple(octet, octet, octet, octet).map((octets) => octets.join('.'));
const hex = (length: number) =>
  fc.string({ unit: fc.constantFrom(...'0123456789abcdef'), minLength: length, maxLength: length });

test('every IPv4 address is one, and none with an octet too many, too large or with a leading zero', () => {
  fc.assert(fc.property(address, (text) => accepts(ipv4, text)));
  fc.assert(fc.property(address, octet, (text, more) => !accepts(ipv4, `${text}.${more}`)));
  fc.assert(
    fc.property(
      address,
      fc.integer({ min: 256, max: 999 }),
      (text, large) => !accepts(ipv4, text.replace(/\d+$/, `${large}`)),
    ),
  );
  fc.assert(
    fc.property(
      address,
      (text) =>
        !accepts(
          ipv4,
          text.replace(/\d+$/, (last) => `0${last}`),
        ),
    ),
  );
});

test('a network is accepted exactly where its host bits are zero, and the fix is accepted and holds the address', () => {
  fc.assert(
    fc.property(address, fc.nat(32), (text, prefix) => {
      const [problem] = problemsOf(cidr, `${text}/${prefix}`);
      const mask = prefix === 0 ? 0n : (0xffffffffn << BigInt(32 - prefix)) & 0xffffffffn;
      expect(problem === undefined).toBe((bits(text) & ~mask) === 0n);
      if (problem === undefined) return;
      const network = /write (\S+) for the network/.exec(problem.fix ?? '')?.[1] ?? '';
      expect(accepts(cidr, network)).toBe(true);
      expect(bits(network.split('/')[0] ?? '')).toBe(bits(text) & mask);
    }),
  );
});

test('a domain name survives being written as people do, through its fix', () => {
  const label = fc.stringMatching(/^[a-z0-9](?:[a-z0-9-]{0,20}[a-z0-9])?$/);
  const name = fc.tuple(label, label, fc.constantFrom('fr', 'localhost', 'example')).map((labels) => labels.join('.'));
  fc.assert(fc.property(name, (text) => accepts(domainName, text)));
  fc.assert(
    fc.property(
      name,
      fc.constantFrom('https://', 'http://', ''),
      fc.constantFrom(':8443', ''),
      fc.constantFrom('/', '/app?x=1', '.', ''),
      (text, scheme, port, rest) => {
        const written = `${scheme}${text.toUpperCase()}${rest === '.' ? rest : `${port}${rest}`}`;
        const [problem] = problemsOf(domainName, written);
        if (written !== text) expect(problem?.fix).toBe(`write ${text}`);
      },
    ),
  );
});

test.each([
  'basegun',
  'a..fr',
  '-a.fr',
  'a-.fr',
  'a_b.fr',
  '203.0.113.10',
  '*.basegun.fr',
  `${'a'.repeat(64)}.fr`,
  'basegun.fr ',
  'é.fr',
])('domain %s is refused', (name) => expect(accepts(domainName, name)).toBe(false));

test('full versions, whole commit hashes and digests are pinned', () => {
  fc.assert(
    fc.property(
      fc.nat(),
      fc.nat(),
      fc.nat(),
      fc.constantFrom('', 'v'),
      fc.constantFrom('', '-rc.1', '-alpine'),
      (a, b, c, v, suffix) => accepts(version, `${v}${a}.${b}.${c}${suffix}`),
    ),
  );
  fc.assert(fc.property(hex(40), (hash) => accepts(version, hash)));
  fc.assert(
    fc.property(
      hex(64),
      (hash) => !accepts(version, `sha256:${hash}`) && accepts(imageReference, `ghcr.io/owner/name@sha256:${hash}`),
    ),
  );
});

test.each(['latest', 'develop', 'main', 'stable', 'edge', '3', '3.3', 'v3', ''])(
  'version %s moves, and is refused',
  (tag) => {
    expect(accepts(version, tag)).toBe(false);
    expect(accepts(imageReference, `ghcr.io/owner/name:${tag}`)).toBe(false);
    if (tag) expect(problemsOf(version, tag)[0]?.message).toContain('a mutable tag');
  },
);

test.each([
  ['traefik:v3.6.12', true],
  ['registry.example.org:5000/owner/name:3.3.0', true],
  [`name:latest@sha256:${'0'.repeat(64)}`, true],
  ['registry.example.org:5000/owner/name', false],
  ['docker://name:3.3.0', false],
  ['Owner/name:3.3.0', false],
  ['name@sha256:123', false],
])('image %s: %s', (image, allowed) => expect(accepts(imageReference, image)).toBe(allowed));

test.each([
  ['ops@example.org', true],
  ['first.last+tag@mail.example.org', true],
  ['ops', false],
  ['ops@localhost', false],
  ['ops@example.org, dev@example.org', false],
])('e-mail address %s: %s', (email, allowed) => expect(accepts(emailAddress, email)).toBe(allowed));

test('a machine takes its defaults, and YAML keys that are numbers are its ports', () => {
  expect(machineOptions.parse({ size: 's1-2' })).toEqual({ size: 's1-2', diskGb: 10 });
  expect(machineOptions.parse({ size: 'small', publish: { 80: 8080 } }).publish?.[80]).toBe(8080);
});

test('environment variables are text under names that a shell knows', () => {
  expect(
    accepts(environmentVariables(), {
      LOG_LEVEL: 'info',
      http_proxy: 'x',
      Logging__LogLevel: 'x',
      KEY: { secret: 'apiKey' },
      _X1: '',
    }),
  ).toBe(true);
  for (const bad of [{ '1X': 'x' }, { 'A-B': 'x' }, { A: 1 }]) expect(accepts(environmentVariables(), bad)).toBe(false);
});

test('what the editor checks and what loading checks agree on the form of a value', () => {
  const pattern = (name: string): RegExp =>
    new RegExp(/"pattern":"((?:[^"\\]|\\.)*)"/.exec(JSON.stringify(at(name)))?.[1]?.replaceAll('\\\\', '\\') ?? '');
  const schema = dereferenced(JSON.parse(JSON.stringify(jsonSchema(systems, clouds))));
  const properties = Object(schema.properties).config.properties['berth:systems'].properties.shop.properties;
  const at = (name: string): unknown => properties[name];
  const texts = fc.oneof(fc.string(), address, fc.stringMatching(/^[a-zA-Z0-9.:@/-]{0,12}$/), fc.domain());
  fc.assert(fc.property(texts, (text) => !accepts(domainName, text) || pattern('domain').test(text)));
  fc.assert(fc.property(texts, (text) => !accepts(version, text) || pattern('version').test(text)));
});

const bits = (text: string): bigint => text.split('.').reduce((sum, part) => (sum << 8n) + BigInt(part), 0n);
