import { readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, expect, test } from 'vitest';
import { parse, stringify } from 'yaml';
import { eventually } from '../e2e/client.ts';
import { pageOf, type ShopProject, shopProject } from '../e2e/shop/project.ts';

// The product of another project gets a machine that watches the others

let project: ShopProject;

const berth = (...words: string[]) => project.berth(...words);

beforeAll(async () => {
  project = await shopProject();
  await project.build('hello');
  const { code, stdout, stderr } = await berth('local');
  expect(code, `${stdout}${stderr}`).toBe(0);
});

afterAll(() => project?.remove());

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
  expect(await pageOf(project, '/')).toMatch(/^200 visitor \d+$/);
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
