import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { buildDocs } from '../../tools/docs/build.ts';
import type { Measure } from '../../tools/lib/figures.ts';
import { figure, repeated, secondsOf } from './samples.ts';

/** The documentation's site, once VitePress is in the cache: its pages, and that every link leads somewhere */
export const measure: Measure = async ({ log }) => {
  const folder = await mkdtemp(join(tmpdir(), 'berth-docs-'));
  try {
    await buildDocs(log, folder);
    return [figure('documentation built', await repeated(3, () => secondsOf(() => buildDocs(log, folder))), 's', 20)];
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
};
