import { appendFile, mkdir, readFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { generated } from '../../src/paths.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { send } from '../e2e/byHand.ts';
import { seenOf } from '../e2e/faults/matrix/cell.ts';
import { everyCell, type Seen, sample } from '../e2e/faults/matrix/names.ts';
import { wholeReleases } from '../e2e/faults/matrix/releases.ts';
import { faultTable, isWhole, lineOf, matrixTable, missing } from '../e2e/faults/matrix/table.ts';
import { makeScene, type Scene } from '../e2e/faults/scene.ts';

/** What was seen so far: a run that was stopped goes on where it was; removed once a run is whole */
const notes = join(generated, 'faults.jsonl');

/** As many cells as a run goes through: the next one goes on from there */
const most = Number(process.env.BERTH_CELLS ?? everyCell().length);
const seed = Number(process.env.BERTH_SEED ?? 1);

/** Every step of a release × every fault, on one machine of Basegun; written into docs/reliability.md */
export const measure: Measure = async ({ log }) => {
  const seen = await noted();
  // Each step and each fault once comes first
  const cells = missing([...sample(seed), ...everyCell()], seen).slice(0, most);
  const scene = await makeScene();
  try {
    const ground = { stack: scene.stack, releases: wholeReleases(scene) };
    await firstOf(ground.releases);
    for (const cell of cells) {
      const one = await seenOf(ground, cell);
      seen.push(one);
      await note(one);
      log(lineOf(one));
      await writeMarked('docs/reliability.md', 'faults', page(seen));
    }
  } finally {
    await removed(scene);
  }
  return figures(seen);
};

async function firstOf(releases: Parameters<typeof seenOf>[0]['releases']): Promise<void> {
  const { code, output } = await send(releases['3.3.0']).done;
  if (code !== 0) throw new Error(`the first release failed:\n${output}`);
}

async function removed(scene: Scene): Promise<void> {
  scene.site.close();
  await scene.stack.remove();
}

async function noted(): Promise<Seen[]> {
  const text = await readFile(notes, 'utf8').catch(() => '');
  return text.split('\n').flatMap((line) => (line ? [JSON.parse(line) as Seen] : []));
}

async function note(one: Seen): Promise<void> {
  await mkdir(dirname(notes), { recursive: true });
  await appendFile(notes, `${JSON.stringify(one)}\n`);
}

const page = (
  seen: readonly Seen[],
): string => `Run on ${new Date().toISOString().slice(0, 10)}: ${seen.length} of ${everyCell().length} cells.

${matrixTable(seen)}

${faultTable(seen)}`;

const figures = (seen: readonly Seen[]): Figure[] => [
  {
    name: `of ${seen.length} faults, those after which a release was not whole`,
    measured: seen.filter((one) => !isWhole(one)).length,
    unit: '',
    limit: 0,
  },
];
