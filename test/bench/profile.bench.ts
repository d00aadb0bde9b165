import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { checkout } from '../../src/paths.ts';
import { runLogged } from '../../src/process/stage.ts';
import type { Figure, Measure } from '../../tools/lib/figures.ts';
import { linter } from '../../tools/lib/linters.ts';
import { writeMarked } from '../../tools/lib/marked.ts';
import { type LastRelease, lastRelease, send } from '../e2e/byHand.ts';
import { testStack } from '../e2e/stack.ts';
import { recordingStack } from '../engine/recordingStack.ts';
import { allFour } from './allFour.ts';
import { computer, spread, table } from './peers/page.ts';
import { folded } from './profile/fold.ts';
import { profiledPreview } from './profile/program.ts';
import { figure, repeated } from './samples.ts';
import { watched, watchedProgram } from './scale/watched.ts';

type Log = (line: string) => void;

/** Where the time goes: of the program, of a release by its steps, of the engine. A flame graph, and tables in docs/performance.md */
export const measure: Measure = async ({ log }) => {
  const [program, release] = [await programPart(log), await releasePart(log)];
  await writeMarked(
    'docs/performance.md',
    'profile',
    [`Measured ${computer()}.`, program.text, release.text].join('\n\n'),
  );
  return [...program.figures, ...release.figures];
};

interface Part {
  text: string;
  figures: Figure[];
}

/** A preview of all four systems, each on its own cloud, by providers that only record */
async function programPart(log: Log): Promise<Part> {
  const stack = await recordingStack();
  try {
    const profile = folded(await profiledPreview(stack, allFour()));
    await drawn(profile.lines, log);
    await stack.project.program(watchedProgram);
    const runs = await repeated(5, () => watched(stack, 'preview', allFour()));
    const of = (value: (run: (typeof runs)[number]) => number) => spread(runs.map(value));
    const all = [...profile.owners.values()].reduce((sum, one) => sum + one, 0);
    const owners = [...profile.owners].sort(([, one], [, other]) => other - one);
    return {
      text: [
        '### A preview of four systems on four clouds',
        table([
          ['', 'seconds'],
          ['whole', of(({ seconds }) => seconds)],
          ["the engine's processor time", of(({ engine }) => engine.seconds)],
          ["the program's processor time", of(({ program }) => program.seconds)],
        ]),
        'The program, by whose code runs ([flame graph](pictures/program.svg)):',
        table([
          ['', 'ms', 'share'],
          ...owners.map(([owner, ms]) => [owner, ms.toFixed(0), `${((100 * ms) / all).toFixed(0)} %`]),
        ]),
      ].join('\n\n'),
      figures: owners.map(([owner, ms]) => ({ name: `the program's time: ${owner}`, measured: ms, unit: 'ms' })),
    };
  } finally {
    await stack.remove();
  }
}

async function drawn(lines: readonly string[], log: Log): Promise<void> {
  const folder = await mkdtemp(join(tmpdir(), 'berth-bench-'));
  try {
    const stacks = join(folder, 'stacks');
    await writeFile(stacks, `${lines.join('\n')}\n`);
    const title = 'The program in a preview of four systems';
    const words = ['--title', title, '--countname', 'µs', '--minwidth', '0.5', '--hash', stacks];
    const svg = await runLogged(await linter('inferno-flamegraph', log), words, { log: () => undefined });
    await writeFile(join(checkout, 'docs', 'pictures', 'program.svg'), svg);
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

const rounds = 4;
const versions = ['3.3.0', '3.3.1'] as const;
/** A step that has ended, as the release engine says it */
const ended = /^(\S.*?)\s+(\d+\.\d) s$/;

/** Releases of one version and the other, by the steps that the machine tells */
async function releasePart(log: Log): Promise<Part> {
  const stack = await testStack();
  try {
    const bundles: LastRelease[] = [];
    for (const version of versions) {
      await stack.configure({ version });
      const { code, output } = await stack.up();
      if (code !== 0) throw new Error(output);
      bundles.push(await lastRelease(stack));
    }
    const steps = new Map<string, number[]>();
    for (let round = 0; round < rounds; round++) {
      const { code, output } = await send(bundles[round % 2] as LastRelease).done;
      log(output);
      if (code !== 0) throw new Error(output);
      for (const line of output.split('\n')) {
        const [, step, seconds] = ended.exec(line) ?? [];
        if (step) steps.set(step, [...(steps.get(step) ?? []), Number(seconds)]);
      }
    }
    const rows = [...steps].map(([step, seconds]) => [step, spread(seconds, 1)]);
    return {
      text: ['### A release of a new version, on the machine', table([['step', 'seconds'], ...rows])].join('\n\n'),
      figures: [...steps].map(([step, seconds]) => figure(`a new version: ${step}`, seconds, 's')),
    };
  } finally {
    await stack.remove();
  }
}
