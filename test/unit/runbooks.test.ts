import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';
import { checkout } from '../../src/paths.ts';
import { runbooksOf } from '../runbooks.ts';
import { read, stackOf, systemNames } from '../stack/samples.ts';

const pages = systemNames.map((system) => `systems/${system}/README.md`);
const named = systemNames.flatMap((system) => {
  const [blueprint] = read(stackOf(system, 'local'), 'preprod').blueprints;
  return blueprint?.migrates ? [[system, blueprint.migrates.runbook] as const] : [];
});

test('what migrates its data says so', () => {
  expect(named.map(([system]) => system)).toEqual(['lostops', 'catalogage']);
});

test.each(named)('the page that a failed deployment of %s names is there', (_, runbook) => {
  const [page = '', anchor] = runbook.split('#');
  const text = readFileSync(join(checkout, page), 'utf8');
  const headings = [...text.matchAll(/^###? (.+)$/gm)].map(([, heading]) =>
    heading?.toLowerCase().replaceAll(' ', '-'),
  );
  expect(headings).toContain(anchor);
});

const runbooks = pages.flatMap((page) => runbooksOf(page).map((runbook) => [page, runbook] as const));

test('what may go wrong with Catalogage has a runbook', () => {
  expect(runbooks.filter(([page]) => page.includes('catalogage')).map(([, { heading }]) => heading)).toEqual([
    'A migration that failed',
    'The site answers 502, 503 or 500',
    'nginx does not start',
    'Browsers refuse the certificate',
    'The wrong version is running',
    'The disk is full',
    'The database is down',
    'The machine is lost',
    'A secret has to change',
  ]);
});

const commands = new Set(readdirSync(join(checkout, 'src/cli')).map((name) => name.replace(/\.ts$/, '')));
const texts = systemNames.flatMap((system) => {
  const folder = join(checkout, 'systems', system, 'test/e2e');
  return readdirSync(folder, { recursive: true, encoding: 'utf8' })
    .filter((name) => name.endsWith('.ts'))
    .map((name) => readFileSync(join(folder, name), 'utf8'));
});

test.each(runbooks.map(([page, runbook]) => ({ page, ...runbook })))(
  'in $page, "$heading" begins with one command of berth, which a test runs on a machine with that fault',
  ({ heading, words }) => {
    expect(commands).toContain(words[0]);
    expect(words.slice(1)).toContain('<stack>');
    expect(texts.filter((text) => text.includes(`'${heading}')`))).toHaveLength(1);
  },
);
