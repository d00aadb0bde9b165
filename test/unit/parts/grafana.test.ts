import { readdirSync } from 'node:fs';
import { expect, test } from 'vitest';
import { z } from 'zod';
import { dashboards, grafana } from '../../../src/parts/grafana.ts';
import { fileText, templateText } from '../../../src/render/template.ts';

// Grafana's image can't be pulled where these tests run: what it is given is checked by its documented shape, Grafana itself
// did not run.

const target = z.strictObject({
  refId: z.string().regex(/^[A-Z]$/),
  expr: z.string().min(1),
  legendFormat: z.string().optional(),
  format: z.literal('table').optional(),
  instant: z.boolean().optional(),
});
const panel = z.strictObject({
  id: z.int().positive(),
  type: z.enum(['timeseries', 'stat', 'table']),
  title: z.string().min(1),
  gridPos: z.strictObject({ x: z.int().min(0), y: z.int().min(0), w: z.int().min(1), h: z.int().min(1) }),
  datasource: z.strictObject({ type: z.literal('prometheus'), uid: z.literal('prometheus') }),
  fieldConfig: z.strictObject({
    defaults: z.strictObject({ unit: z.string() }),
    overrides: z.array(z.unknown()),
  }),
  targets: z.array(target).min(1),
});
const dashboard = z.strictObject({
  uid: z.string().regex(/^[\w-]{1,40}$/),
  title: z.string().min(1),
  tags: z.array(z.string()),
  schemaVersion: z.int().min(36),
  editable: z.boolean(),
  refresh: z.string().regex(/^\d+[smh]$/),
  time: z.strictObject({ from: z.string(), to: z.string() }),
  panels: z.array(panel).min(1),
});

const read = (name: string) => dashboard.parse(JSON.parse(templateText(`grafana/${name}.json`, {})));

test.each(dashboards)('dashboard %s has the shape that Grafana reads, and no panel lies over another', (name) => {
  const { panels } = read(name);
  expect(new Set(panels.map(({ id }) => id)).size).toBe(panels.length);
  const taken = panels.flatMap(({ gridPos: { x, y, w, h } }) =>
    Array.from({ length: w * h }, (_, cell) => `${x + (cell % w)} ${y + Math.floor(cell / w)}`),
  );
  expect(new Set(taken).size).toBe(taken.length);
  for (const { gridPos } of panels) expect(gridPos.x + gridPos.w).toBeLessThanOrEqual(24);
  for (const { targets } of panels) expect(new Set(targets.map(({ refId }) => refId)).size).toBe(targets.length);
});

test('every dashboard is given to Grafana, which looks for it where it lies, and asks the source that is there', () => {
  const folder = new URL('../../../templates/grafana/', import.meta.url).pathname;
  expect(readdirSync(folder).sort()).toEqual(dashboards.map((name) => `${name}.json`).sort());
  expect(new Set(dashboards.map((name) => read(name).uid)).size).toBe(dashboards.length);
  const [service] = grafana({ role: 'monitoring', url: 'https://g.test' }).roles?.monitoring?.services ?? [];
  if (service?.kind !== 'container') throw new Error('it is a container');
  const files = Object.keys(service.config?.files ?? {});
  const provider = service.config?.files['dashboards/berth.yaml'];
  expect(provider).toMatchObject({
    yaml: { apiVersion: 1, providers: [{ type: 'file', options: { path: `${service.config?.path}/dashboards` } }] },
  });
  for (const name of dashboards) expect(files).toContain(`dashboards/${name}.json`);
  expect(fileText('grafana/machines.json')).toContain('"uid": "prometheus"');
});
