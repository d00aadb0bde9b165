import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import type { Captured } from '../../src/process/captured.ts';
import { eventually } from './client.ts';
import { pageOf, type ShopProject, shopProject } from './shop/project.ts';

// A fifth product in another project, in which berth is installed as a package that `npm pack` makes

let project: ShopProject;
let first: Captured;

const berth = (...words: string[]) => project.berth(...words);
const page = (path: string) => pageOf(project, path);

beforeAll(async () => {
  project = await shopProject();
  await project.build('hello');
  first = await berth('local');
});

afterAll(() => project?.remove());

test('a system needs at most 40 lines', async () => {
  const text = await readFile(new URL('shop/system.ts', import.meta.url), 'utf8');
  expect(text.trimEnd().split('\n').length).toBeLessThanOrEqual(40);
});

test('one command deploys it on this computer, with the image that docker has under its name', async () => {
  expect(first.code, `${first.stdout}${first.stderr}`).toBe(0);
  expect(first.stdout).toContain(`https://shop.localhost:${project.port}`);
  expect(await page('/version')).toBe('200 1.0.0');
  expect(await page('/')).toBe('200 visitor 1');
  expect(await page('/')).toBe('200 visitor 2');
});

test('the command writes an environment file with the system and its version', async () => {
  expect(first.stdout).toMatch(/^created .*Pulumi\.local\.yaml/m);
  const { config } = parse(await readFile(join(project.folder, 'Pulumi.local.yaml'), 'utf8'));
  expect(config['berth:systems'].shop).toMatchObject({ cloud: 'local', version: '1.0.0', web: { size: 'small' } });
});

test('commands know the system, and none of the systems in berth’s own repository', async () => {
  const { code, stdout } = await berth('status', 'local');
  expect(stdout).toMatch(/shop.*1\.0\.0/);
  expect(code, stdout).toBe(0);
  await writeFile(
    join(project.folder, 'Pulumi.prod.yaml'),
    stringify({ config: { 'berth:operators': { networks: [], sshPublicKeys: [] }, 'berth:systems': { basegun: {} } } }),
  );
  const refused = await berth('matrix', 'prod');
  expect(refused.stderr).toMatch(/berth:systems\.basegun \(line \d+\)\n +is not a known key\n +allowed: shop/);
});

test('a changed image of the same name and tag is noticed: it runs after the next command, the Redis keeps its data', async () => {
  expect(await page('/greeting')).toBe('200 hello');
  await project.build('good evening');
  const { code, stdout, stderr } = await berth('local', 'shop');
  expect(code, `${stdout}${stderr}`).toBe(0);
  expect(stdout).toMatch(/^plan: 1 change, /m);
  expect(await page('/greeting')).toBe('200 good evening');
  expect(await page('/')).toBe('200 visitor 3');
});

/** What a program prints on the machine that watches */
const watching = async (...words: string[]): Promise<string> => {
  const { code, stdout, stderr } = await berth('ssh', 'local', 'shop-monitoring-0', 'sudo', ...words);
  if (code !== 0) throw new Error(`${stdout}${stderr}`);
  return stdout;
};
const prometheus = async (path: string) => {
  const url = `http://127.0.0.1:9090/api/v1/${path}`;
  return JSON.parse(await watching('docker', 'exec', 'shop-base-prometheus-1', 'wget', '-q', '-O', '-', `'${url}'`))
    .data;
};

test('by one line in its file a machine watches the others: every target is up, the Redis among them', async () => {
  const path = join(project.folder, 'Pulumi.local.yaml');
  const file = parse(await readFile(path, 'utf8'));
  const { shop } = file.config['berth:systems'];
  // The edge tells its figures from its next start on
  file.config['berth:systems'].shop = { ...shop, monitoring: true, restartEdge: true };
  file.config['berth:secrets'] = {
    'shop/monitoringUsers': 'ada:$2b$05$RRBP5gokTlPGjiX9ruwiPu.Sfqe4pDbzUpfj2Um66UkfQKtJn1hWS',
    'shop/grafanaPassword': 'the-grafana-0123456789',
  };
  await writeFile(path, stringify(file));
  const { code, stdout, stderr } = await berth('local');
  expect(code, `${stdout}${stderr}`).toBe(0);
  const { activeTargets } = await eventually(
    60,
    () => prometheus('targets'),
    (data) => data.activeTargets?.length > 0 && data.activeTargets.every(({ health }: Target) => health === 'up'),
  );
  expect(activeTargets.map(({ labels, health }: Target) => `${labels.job} ${labels.machine} ${health}`).sort()).toEqual(
    [
      ...['alertmanager shop-monitoring-0 up', 'blackbox shop-monitoring-0 up'],
      ...['node shop-monitoring-0 up', 'node shop-redis-0 up', 'node shop-web-0 up'],
      ...['prometheus shop-monitoring-0 up', 'redis shop-redis-0 up'],
      ...['site-login shop-monitoring-0 up', 'site-login shop-monitoring-0 up', 'site-page shop-web-0 up'],
      'traefik shop-web-0 up',
    ],
  );
  expect(await page('/')).toMatch(/^200 visitor \d+$/);
});

interface Target {
  labels: { job: string; machine: string };
  health: string;
}

test('every query of the dashboard about caches answers with data, and nothing fires', async () => {
  const { panels } = JSON.parse(
    await readFile(new URL('../../templates/grafana/caches.json', import.meta.url), 'utf8'),
  );
  const queries = panels.flatMap(({ targets }: { targets: { expr: string }[] }) => targets.map(({ expr }) => expr));
  expect(queries.length).toBeGreaterThan(6);
  for (const query of queries) {
    const { result } = await eventually(
      60,
      () => prometheus(`query?query=${encodeURIComponent(query)}`),
      (data) => data.result?.length > 0,
    );
    expect(result, query).not.toEqual([]);
  }
  // Alertmanager hears of Prometheus with the first alert, the one that always fires
  const alerts = await eventually(
    120,
    () => berth('alerts', 'local'),
    ({ code }) => code === 0,
  );
  expect(alerts).toMatchObject({ code: 0, stdout: 'shop: nothing fires\n' });
});
