import { readFileSync } from 'node:fs';
import { expect, test } from 'vitest';
import { read, stackOf, systemNames } from '../stack/samples.ts';

const runbooks = systemNames.flatMap((system) => {
  const [blueprint] = read(stackOf(system, 'local'), 'preprod').blueprints;
  return blueprint?.migrates ? [[system, blueprint.migrates.runbook] as const] : [];
});

test('what migrates its data says so', () => {
  expect(runbooks.map(([system]) => system)).toEqual(['lostops', 'catalogage']);
});

test.each(runbooks)('the page that a failed deployment of %s names is there', (_, runbook) => {
  const [page = '', anchor] = runbook.split('#');
  const text = readFileSync(new URL(`../../${page}`, import.meta.url), 'utf8');
  const headings = [...text.matchAll(/^## (.+)$/gm)].map(([, heading]) => heading?.toLowerCase().replaceAll(' ', '-'));
  expect(headings).toContain(anchor);
});
