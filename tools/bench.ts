import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { load } from '../src/bundle.js';
import { runCommand } from './lib/command.ts';
import { type Figure, figureTable, keepsLimit, type Measure } from './lib/figures.ts';
import { together } from './lib/interrupt.ts';
import { checkout, generated } from './lib/paths.ts';
import { localPlace } from './lib/place.ts';
import { prepareDocker, prepareEngine, prepareImages } from './lib/prepare.ts';
import { createProgress } from './lib/progress.ts';

const folder = join(checkout, 'test', 'bench');

// `npm run bench -- [word…]`: every file of test/bench whose name contains a word, one after the other, so that none
// slows another down.
void runCommand(async () => {
  const words = process.argv.slice(2);
  const files = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => file.includes(word))))
    .sort();
  if (files.length === 0)
    throw new Error(`there is nothing to measure in ${folder}${words.length ? ` for ${words.join(', ')}` : ''}`);

  const progress = createProgress(join(generated, 'logs'));
  const [{ environment }] = await together([
    prepareEngine(localPlace, progress),
    prepareDocker(progress).then(() => prepareImages(progress)),
  ] as const);

  const figures: Figure[] = [];
  for (const file of files) {
    const { measure } = await load<{ measure: Measure }>(`test/bench/${file}`);
    const name = file.replace('.bench.ts', '');
    figures.push(...(await progress.run({ name, run: (log) => measure({ environment, log }) })));
  }
  console.log(`\n${figureTable(figures)}`);
  return figures.every(keepsLimit) ? 0 : 1;
});
