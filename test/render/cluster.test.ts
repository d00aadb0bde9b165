import { mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { machineFiles } from '../../src/cli/render/machineFiles.ts';
import { captured } from '../../src/process/captured.ts';
import { linter } from '../../tools/lib/linters.ts';
import { given, read, stackOf } from '../stack/samples.ts';

// What a cluster gets of each system, object by object: a change of a renderer shows here.
// `npx vitest run --project render cluster -u` writes them anew; the run after it agrees.
const golden = new URL('./goldenCluster/', import.meta.url).pathname;

const schedule = { days: ['mon', 'fri'], start: '09:00', stop: '18:30', zone: 'Europe/Paris' };
const stacks = [
  stackOf('basegun', 'kubernetes', {}, { web: { replicas: { min: 3, max: 10, cpu: 60 } } }),
  stackOf('lostops', 'kubernetes', {}, { app: { schedule }, workers: { count: 1 }, scheduler: true }),
  stackOf('mad', 'kubernetes'),
];
const withBackups = stackOf(
  'lostops',
  'kubernetes',
  {},
  { backups: { repository: 's3:https://s3.berth.test/backups' } },
);
const gateway = { name: 'public', namespace: 'gateways', listener: 'https' };
const atGateway = stackOf(
  'basegun',
  'kubernetes',
  { 'berth:clouds': { kubernetes: { ...given, gateway } } },
  { alsoAt: ['www.basegun.berth.test'], redirectFrom: ['old.basegun.berth.test'] },
);
const filesOf = (stack: Parameters<typeof read>[0]): Record<string, string> =>
  machineFiles({ ...read(stack, 'preprod'), systems: [] });
const names = /\/(?:httproute|ingress)-/;
const files: Record<string, string> = Object.assign(
  {},
  ...stacks.map(filesOf),
  ...Object.entries(filesOf(withBackups)).map(([path, text]) =>
    /cronjob-database/.test(path) ? { [`backups/${path}`]: text } : {},
  ),
  // Another edge changes nothing else
  ...Object.entries(filesOf(atGateway)).map(([path, text]) => (names.test(path) ? { [`gateway/${path}`]: text } : {})),
);

test.each(Object.entries(files))('%s is rendered as it was', async (path, content) => {
  await expect(content).toMatchFileSnapshot(`${golden}${path}`);
});

test('nothing lies among the golden files that is rendered no more', () => {
  const present = readdirSync(golden, { recursive: true, withFileTypes: true })
    .filter((entry) => entry.isFile())
    .map((entry) => join(entry.parentPath, entry.name).slice(golden.length));
  expect(present.sort()).toEqual(Object.keys(files).sort());
});

const folder = mkdtempSync(join(tmpdir(), 'berth-objects-'));
let program = '';
let schemas = '';
beforeAll(async () => {
  // Compiled by the first test on a computer that needs it
  program = await linter('kubeconform', () => undefined);
  schemas = dirname(await linter('clusterSchemas', () => undefined));
}, 900_000);
afterAll(() => rmSync(folder, { recursive: true }));

/** What kubeconform says of objects */
async function checked(objects: Readonly<Record<string, string>>) {
  const paths = Object.entries(objects).map(([path, text]) => {
    const file = join(folder, path.replaceAll('/', '_'));
    writeFileSync(file, text);
    return file;
  });
  const location = `${schemas}/{{ .ResourceKind }}{{ .KindSuffix }}.json`;
  return captured(program, ['-strict', '-summary', '-schema-location', location, ...paths], {
    cwd: folder,
    env: process.env,
  });
}

test('by a gateway, names have routes and no Ingress', () => {
  const there = Object.keys(files).filter((path) => path.startsWith('gateway/'));
  expect(there.map((path) => path.replace(/-[0-9a-f]{6}\./, '-….')).sort()).toEqual([
    'gateway/basegun-preprod/httproute-web-….yaml',
    'gateway/basegun-preprod/httproute-web.yaml',
  ]);
});

test("every object is what the cluster's API takes", async () => {
  const { code, stdout } = await checked(files);
  expect(stdout).toContain(`Valid: ${Object.keys(files).length}, Invalid: 0, Errors: 0, Skipped: 0`);
  expect(code).toBe(0);
});

test.each([
  ['a field that nobody reads', 'deployment-web', 'readinessProbe:', 'readynessProbe:'],
  ['a word in the place of a number', 'deployment-web', 'replicas: 3', 'replicas: three'],
  ['a field that is missing', 'networkpolicy-to-web', 'podSelector:', 'podSelectors:'],
  ['a target that is none', 'horizontalpodautoscaler-web', 'averageUtilization: 60', 'averageUtilization: often'],
])('%s is noticed', async (_, name, right, wrong) => {
  const text = files[`basegun-preprod/${name}.yaml`] ?? '';
  expect(text).toContain(right);
  const { code, stdout } = await checked({ 'spoilt.yaml': text.replace(right, wrong) });
  expect([code, stdout]).toEqual([1, expect.stringContaining('is invalid')]);
});
