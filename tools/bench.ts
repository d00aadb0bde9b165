import { existsSync, readdirSync } from 'node:fs';
import { join } from 'node:path';
import { everyImage } from '../src/cli/local/wanted.ts';
import { prepareDocker, prepareEngine, prepareImages } from '../src/clouds/local/setUp/prepare.ts';
import { checkout, generated } from '../src/paths.ts';
import { runMain } from '../src/process/command.ts';
import { together } from '../src/process/interrupt.ts';
import { createProgress } from '../src/process/progress.ts';
import { load } from '../src/start/esbuild.js';
import { type Figure, figureTable, keepsLimit, type Measure } from './lib/figures.ts';
import { localPlace } from './lib/localPlace.ts';

const folder = join(checkout, 'test', 'bench');

// `npm run bench -- [word…]`: every file of test/bench whose name contains a word, one after the other, so that none
// slows another down.
void runMain(async () => {
  const words = process.argv.slice(2);
  const files = (existsSync(folder) ? readdirSync(folder) : [])
    .filter((file) => file.endsWith('.bench.ts') && (words.length === 0 || words.some((word) => file.includes(word))))
    .sort();
  if (files.length === 0)
    throw new Error(`there is nothing to measure in ${folder}${words.length ? ` for ${words.join(', ')}` : ''}`);

  const progress = createProgress(join(generated, 'logs'));
  const [{ environment }] = await together([
    prepareEngine(localPlace, progress),
    prepareDocker(progress).then(() => prepareImages(progress, everyImage)),
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
