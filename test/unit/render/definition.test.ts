import { mkdtempSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import type { Container } from '../../../src/model/service.ts';
import { ref, secret } from '../../../src/model/value.ts';
import { definitions } from '../../../src/render/definition.ts';
import type { MachineInput } from '../../../src/render/machine.ts';
import { container, machineInput } from './fixtures.ts';

const api = container({ name: 'api', env: { KEY: secret('key'), URL: ref('buckets.files.endpoint') } });
const page = container({
  name: 'page',
  calls: ['api'],
  config: { path: '/etc/page', files: { 'page.yaml': { yaml: { answer: 42 } } } },
});
const shipper = container({ name: 'shipper', rollout: 'replace' });

const given = (services: readonly Container[], own: Partial<Parameters<typeof machineInput>[0]> = {}): MachineInput =>
  machineInput({
    services,
    facts: { 'buckets.files.endpoint': 'https://s3.example' },
    secrets: { key: 'abc' },
    ...own,
  });

const hashes = (input: MachineInput): Record<string, string> =>
  Object.fromEntries(definitions(input).map(({ service, hash }) => [service.name, hash]));

const before = hashes(given([page, api, shipper]));
const changedBy = (input: MachineInput): string[] => {
  const after = hashes(input);
  return Object.keys(before).filter((name) => before[name] !== after[name]);
};

test('the same service always has the same hash, wherever it stands in the list', () => {
  expect(changedBy(given([shipper, api, page]))).toEqual([]);
  expect(before.api).toMatch(/^[0-9a-f]{12}$/);
});

test('a variable counts the same whoever sets it, and a template wherever its checkout lies', () => {
  const env = { A: '1', B: '2' };
  expect(hashes(given([container({ env: { A: '1' }, settings: { B: '2' } })]))).toEqual(
    hashes(given([container({ env })])),
  );
  const values = { dataMb: '1' };
  const [here, there] = [1, 2].map(() => {
    const folder = mkdtempSync(join(tmpdir(), 'berth-template-'));
    writeFileSync(join(folder, 'own.conf'), 'data {{dataMb}}');
    const files = { 'own.conf': { template: 'own.conf', folder, values } };
    return hashes(given([container({ config: { path: '/etc/own', files } })]));
  });
  expect(here).toEqual(there);
});

test.each<[string, MachineInput, string[]]>([
  ['an environment variable', given([page, { ...api, env: { ...api.env, LEVEL: 'debug' } }, shipper]), ['page', 'api']],
  ['a secret', given([page, api, shipper], { secrets: { key: 'other' } }), ['page', 'api']],
  ['a fact', given([page, api, shipper], { facts: { 'buckets.files.endpoint': 'https://x' } }), ['page', 'api']],
  ['an image', given([page, { ...api, image: 'registry.example/app:1.0.1' }, shipper]), ['page', 'api']],
  [
    "what runs in an image's place",
    given([page, api, shipper], { images: { [api.image]: 'local/app@sha256:1' } }),
    ['page', 'api', 'shipper'],
  ],
  [
    'a configuration',
    given([{ ...page, config: { path: '/etc/page', files: { 'page.yaml': { yaml: { answer: 43 } } } } }, api, shipper]),
    ['page'],
  ],
  ['memory', given([{ ...page, memoryMb: 200 }, api, shipper]), ['page']],
  ['a service beside the others', given([page, api, { ...shipper, env: { A: 'b' } }]), ['shipper']],
])('%s changes the service and who calls it, and no other', (_, input, changed) => {
  expect(changedBy(input).sort()).toEqual([...changed].sort());
});

test('what is called starts first, and each once', () => {
  const names = definitions(given([page, container({ name: 'other', calls: ['api', 'page'] }), api])).map(
    ({ service }) => service.name,
  );
  expect(names).toEqual(['api', 'page', 'other']);
});

test('services that call each other in a circle are refused with the circle', () => {
  const a = container({ name: 'a', calls: ['b'] });
  const b = container({ name: 'b', calls: ['a'] });
  expect(() => definitions(machineInput({ services: [a, b] }))).toThrow(
    'services call each other in a circle: a → b → a',
  );
});

test('a call to a service that is not there names those that are', () => {
  expect(() => definitions(machineInput({ services: [page, shipper] }))).toThrow(
    'service page calls api; its machine has page, shipper',
  );
});
